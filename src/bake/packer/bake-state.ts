import type { BakeEvent, StepScript } from './events.ts';

/** Number of output lines that are kept for a failure message. */
export const keptLines = 30;

export interface BuildState {
  readonly phase: 'waiting' | 'booting' | 'working' | 'exporting' | 'done' | 'failed';
  /** What Packer reports it is doing. */
  readonly action: string;
  /** The last lines of the build, and of its current or last step. */
  readonly lines: readonly string[];
  readonly stepLines: readonly string[];
  /** The step that is running. */
  readonly step: { readonly name: string; readonly begunAt: number } | undefined;
  readonly steps: readonly { readonly name: string; readonly seconds: number }[];
  readonly failedStep:
    | {
        readonly name: string;
        readonly seconds: number;
        readonly exitCode: number;
        readonly script: StepScript;
      }
    | undefined;
  readonly bootBegunAt: number | undefined;
  readonly bootSeconds: number | undefined;
  readonly exportedBytes: number | undefined;
  readonly artifacts: number;
  /** Packer's message when the build failed. */
  readonly failure: string | undefined;
}

export interface BakeState {
  readonly builds: Readonly<Record<string, BuildState>>;
  /** Errors of the run that belong to no particular build. */
  readonly errors: readonly string[];
}

const newBuild: BuildState = {
  phase: 'waiting',
  action: '',
  lines: [],
  stepLines: [],
  step: undefined,
  steps: [],
  failedStep: undefined,
  bootBegunAt: undefined,
  bootSeconds: undefined,
  exportedBytes: undefined,
  artifacts: 0,
  failure: undefined,
};

/** The state before any event. */
export function newBakeState(builds: readonly string[]): BakeState {
  return { builds: Object.fromEntries(builds.map((build) => [build, newBuild])), errors: [] };
}

const keep = (lines: readonly string[], line: string): readonly string[] =>
  [...lines, line].slice(-keptLines);

// Packer prints these after the failure; they would hide what it was doing when it failed.
const followUpLines =
  /^(Provisioning step had errors|Deleting output directory|Cancelling|Halting the virtual machine)/;

function afterLine(build: BuildState, event: BakeEvent & { readonly type: 'line' }): BuildState {
  const lines = keep(build.lines, event.text);
  if (event.kind === 'say')
    return { ...build, lines, action: followUpLines.test(event.text) ? build.action : event.text };
  return { ...build, lines, stepLines: keep(build.stepLines, event.text) };
}

function afterEvent(build: BuildState, event: BakeEvent): BuildState {
  switch (event.type) {
    case 'guest-boots':
      return { ...build, phase: 'booting', bootBegunAt: event.at };
    case 'ssh-answers':
      return { ...build, phase: 'working', bootSeconds: event.seconds };
    case 'step-begins':
      return { ...build, phase: 'working', step: { name: event.step, begunAt: event.at }, stepLines: [] };
    case 'step-done':
      return {
        ...build,
        step: undefined,
        steps: [...build.steps, { name: event.step, seconds: event.seconds }],
      };
    case 'step-failed': {
      const { step: name, seconds, exitCode, script } = event;
      return { ...build, step: undefined, failedStep: { name, seconds, exitCode, script } };
    }
    case 'exporting':
      return { ...build, phase: 'exporting' };
    case 'exported':
      return { ...build, exportedBytes: event.bytes };
    case 'artifact':
      return { ...build, artifacts: build.artifacts + 1 };
    case 'line':
      return afterLine(build, event);
    case 'build-done':
      return { ...build, phase: 'done' };
    case 'build-failed':
      return { ...build, phase: 'failed', failure: event.message };
    case 'bake-begins':
    case 'bake-done':
    case 'console':
      return build;
  }
}

/** Returns the state after an event. */
export function nextBakeState(state: BakeState, event: BakeEvent): BakeState {
  const name = 'build' in event ? event.build : undefined;
  const build = name === undefined ? undefined : state.builds[name];
  if (name !== undefined && build !== undefined) {
    return { ...state, builds: { ...state.builds, [name]: afterEvent(build, event) } };
  }
  if (event.type === 'line' && event.kind === 'error')
    return { ...state, errors: keep(state.errors, event.text) };
  return state;
}
