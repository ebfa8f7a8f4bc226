import { IngotError } from '../../host/ingot-error.ts';
import { type BakeState, type BuildState, keptLines } from './bake-state.ts';
import { roleOfBuild, runFiles } from './run-files.ts';

/** The facts about a failed bake. */
export interface FailedBake {
  readonly state: BakeState;
  readonly runFolder: string;
  /** How Packer ended. */
  readonly ended: { readonly exitCode: number | undefined; readonly signal: string | undefined };
  /** The last lines of each guest's console, by build. */
  readonly consoles: Readonly<Record<string, readonly string[]>>;
  /** The last lines that QEMU itself printed, for all guests. */
  readonly qemuLines: readonly string[];
}

/** Whether a build failed: Packer reported it, or the build left no artifact. */
function hasFailed(build: BuildState): boolean {
  return build.failure !== undefined || build.artifacts === 0;
}

/**
 * Whether every expected build left an artifact. Packer's exit status does not show it (it is 0 if `-only` matches
 * nothing).
 */
export function isComplete(state: BakeState): boolean {
  return !Object.values(state.builds).some(hasFailed);
}

/** Whether the guest was started but never answered. */
function neverAnswered(build: BuildState): boolean {
  return build.phase === 'booting' || (build.bootBegunAt !== undefined && build.bootSeconds === undefined);
}

const tenths = (seconds: number): string => `${seconds.toFixed(1)} s`;

function howEnded({ exitCode, signal }: FailedBake['ended']): string {
  return signal === undefined ? `ended with exit status ${exitCode ?? '?'}` : `was killed by ${signal}`;
}

/** Lines in the output of a step that come from its environment: our script in the guest, and Packer's provisioner. */
const notOfTheStep = /^\s*$|^ingot: |^Script exited with non-zero exit status/;

/** The last line of a step's own output. */
function lastWords(lines: readonly string[]): string {
  const lastLine = lines.findLast((line) => !notOfTheStep.test(line));
  return lastLine === undefined ? '' : `: ${lastLine.trim()}`;
}

function whatFailed(build: BuildState, ended: FailedBake['ended']): string {
  const { failedStep, step, failure } = build;
  if (failedStep !== undefined) {
    const { name, script, exitCode, seconds } = failedStep;
    const lastLine = lastWords(build.stepLines);
    return `step ${name} failed in ${script} (exit ${exitCode}) after ${tenths(seconds)}${lastLine}`;
  }
  const message = failure ?? `Packer ${howEnded(ended)} and left no artifact of this build`;
  if (neverAnswered(build)) return `the guest did not answer over SSH: ${message}`;
  if (step !== undefined) return `during step ${step.name}: ${message}${lastWords(build.stepLines)}`;
  return build.action === '' || failure === undefined ? message : `after "${build.action}": ${message}`;
}

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`)];

function excerptOf(name: string, build: BuildState, failed: FailedBake): string[] {
  const role = roleOfBuild(name);
  const step = build.failedStep?.name ?? build.step?.name;
  const output =
    step === undefined
      ? section(`${role}: last lines`, build.lines)
      : section(`${role}: last lines of step ${step}`, build.stepLines);
  const neverReady = build.bootBegunAt !== undefined && step === undefined && build.steps.length === 0;
  const wantsConsole = build.failedStep?.script === 'assert.sh' || neverReady;
  return [
    ...output,
    ...(wantsConsole
      ? section(`${role}: last lines of the guest's console`, failed.consoles[name] ?? [])
      : []),
  ];
}

/** Creates the error that reports which builds failed, where, with what output, and where the logs are. */
export function bakeFailure(failed: FailedBake): IngotError {
  const builds = Object.entries(failed.state.builds).filter(([, build]) => hasFailed(build));
  const stepFailed = builds.some(([, build]) => build.failedStep !== undefined);
  const consoles = builds
    .filter(([, build]) => build.bootBegunAt !== undefined)
    .map(([name]) => runFiles.console(failed.runFolder, roleOfBuild(name)));
  const logs = [runFiles.packerLog(failed.runFolder), runFiles.events(failed.runFolder), ...consoles];
  const noGuest = builds.some(([, build]) => build.bootSeconds === undefined);
  const unexplained = builds.every(([, build]) => build.failure === undefined);
  return new IngotError({
    code: stepFailed ? 'step-failed' : 'command-failed',
    message:
      builds.length === 0
        ? `Packer ${howEnded(failed.ended)}`
        : builds
            .map(([name, build]) => `${roleOfBuild(name)}: ${whatFailed(build, failed.ended)}`)
            .join('\n'),
    excerpt: [
      ...builds.flatMap(([name, build]) => excerptOf(name, build, failed)),
      ...(noGuest ? section('QEMU', failed.qemuLines) : []),
      ...(unexplained ? section('Packer', failed.state.errors) : []),
    ].slice(0, 6 * keptLines),
    hint: `the logs are kept: ${logs.join(', ')}`,
  });
}
