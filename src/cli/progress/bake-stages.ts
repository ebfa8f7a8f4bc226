import type { BakeEvent } from '../../bake/packer/events.ts';
import { roleOfBuild } from '../../bake/packer/run-files.ts';
import type { OpenStage, Stage } from './stage.ts';

/** The stage of one build and the one that runs below it. */
interface Shown {
  readonly build: OpenStage;
  part: OpenStage | undefined;
}

/** Begins the next part of a build, which ends the one before. */
function nextPart(shown: Shown, title: string | undefined): void {
  shown.part?.end('done');
  shown.part = title === undefined ? undefined : shown.build.begin(title);
}

function show(shown: Shown, event: BakeEvent): void {
  switch (event.type) {
    case 'guest-boots':
      nextPart(shown, 'boot');
      break;
    case 'step-begins':
      nextPart(shown, event.step);
      break;
    case 'exporting':
      nextPart(shown, 'export');
      break;
    case 'ssh-answers':
    case 'step-done':
    case 'exported':
      nextPart(shown, undefined);
      break;
    case 'console':
    case 'line':
      (shown.part ?? shown.build).note(event.text);
      break;
    case 'step-failed':
      shown.part?.end('failed');
      shown.part = undefined;
      break;
    case 'build-done':
    case 'build-failed': {
      const result = event.type === 'build-done' ? 'done' : 'failed';
      shown.part?.end(result);
      shown.build.end(result);
      break;
    }
    case 'artifact':
    case 'bake-begins':
    case 'bake-done':
  }
}

/**
 * Shows a bake below a stage: one stage for each role, and below it boot, each step and the export.
 * @returns a function that takes the events of runPacker
 */
export function showBake(stage: Stage): (event: BakeEvent) => void {
  const builds = new Map<string, Shown>();
  return (event) => {
    if (event.type === 'bake-begins') {
      for (const build of event.builds) {
        builds.set(build, { build: stage.begin(roleOfBuild(build)), part: undefined });
      }
    } else if (event.type === 'bake-done') {
      const result = event.result === 'done' ? 'done' : 'failed';
      for (const { build, part } of builds.values()) {
        part?.end(result);
        build.end(result);
      }
    } else {
      const shown = event.build === undefined ? undefined : builds.get(event.build);
      if (shown !== undefined) show(shown, event);
    }
  };
}
