import { expect, test } from 'vitest';
import type { BakeHappening } from '../../../../src/bake/packer/events.ts';
import { showBake } from '../../../../src/cli/progress/bake-stages.ts';
import { plainView } from '../../../../src/cli/progress/plain-view.ts';
import { rootStage } from '../../../../src/cli/progress/stage.ts';

/** The plain lines that a bake shows, without their times. */
function linesOf(happenings: readonly BakeHappening[]): string[] {
  const lines: string[] = [];
  const view = plainView((line) => lines.push(line.trimEnd()));
  const show = showBake(rootStage({ view, now: () => 0 }));
  for (const happening of happenings) show({ ...happening, at: 0 });
  return lines;
}

const build = 'qemu.master';
const begins: BakeHappening = { type: 'bake-begins', builds: [build] };

test('a bake is shown as boot, each step and the export of each role', () => {
  const lines = linesOf([
    begins,
    { type: 'guest-boots', build },
    { type: 'console', build, text: 'Welcome' },
    { type: 'ssh-answers', build, seconds: 1 },
    { type: 'step-begins', build, step: '10-users' },
    { type: 'step-done', build, step: '10-users', seconds: 1 },
    { type: 'exporting', build },
    { type: 'exported', build, bytes: 1 },
    { type: 'build-done', build },
    { type: 'bake-done', result: 'done', seconds: 1 },
  ]);
  expect(lines).toEqual([
    'master',
    'master  boot',
    'master  boot  0.0 s',
    'master  10-users',
    'master  10-users  0.0 s',
    'master  export',
    'master  export  0.0 s',
    'master  0.0 s',
  ]);
});

test('a step that fails is shown as failed, and its role with it', () => {
  const lines = linesOf([
    begins,
    { type: 'step-begins', build, step: '10-users' },
    { type: 'step-failed', build, step: '10-users', seconds: 1, exitCode: 1, script: 'do.sh' },
    { type: 'build-failed', build, message: 'exit status 1' },
    { type: 'bake-done', result: 'failed', seconds: 1 },
  ]);
  expect(lines).toEqual([
    'master',
    'master  10-users',
    'master  10-users  failed  0.0 s',
    'master  failed  0.0 s',
  ]);
});

test('an interrupted bake leaves no stage open', () => {
  const lines = linesOf([
    begins,
    { type: 'guest-boots', build },
    { type: 'bake-done', result: 'interrupted', seconds: 1 },
  ]);
  expect(lines.slice(-2)).toEqual(['master  boot  failed  0.0 s', 'master  failed  0.0 s']);
});
