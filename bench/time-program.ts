import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { rerunCommand } from '../src/host/command-text.ts';
import type { Host } from '../src/host/host.ts';
import { IngotError } from '../src/host/ingot-error.ts';
import { LastLines } from '../src/host/last-lines.ts';
import { childrenOf, peakMemoryMiB } from './process-usage.ts';
import type { Sample } from './result.ts';

export interface TimedProgram {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Path of a file that also gets all output. */
  readonly log?: string;
  /** The time limit after which the program is stopped. */
  readonly boundSeconds?: number;
  readonly signal: AbortSignal;
  /** Absolute path of a folder for the report of time(1). */
  readonly workFolder: string;
}

export interface Timed {
  /** In seconds, by the monotonic clock. */
  readonly sample: Sample;
  /** It was stopped at the time limit. */
  readonly cutOff: boolean;
}

/** VmHWM is a peak: only a peak in the last interval can be missed. */
const sampleEveryMs = 50;

/**
 * The peak memory so far of the program that time(1) runs, in MiB; undefined when it has ended or has not started yet.
 */
async function peakMemory(timePid: number): Promise<number | undefined> {
  const [child] = await childrenOf(timePid);
  return child === undefined ? undefined : peakMemoryMiB(child);
}

/** Reads the last line of a report of time(1) with -f '%U %S %M': seconds of CPU time, and KiB. */
async function usage(file: string): Promise<Pick<Sample, 'cpuSeconds' | 'largestMiB'>> {
  const [user, system, kibibytes] = (
    (await readFile(file, 'utf8').catch(() => '')).trim().split('\n').at(-1) ?? ''
  )
    .split(' ')
    .map(Number);
  if (user === undefined || system === undefined || kibibytes === undefined) return {};
  return { cpuSeconds: user + system, largestMiB: kibibytes / 1024 };
}

/**
 * Runs a program until it ends or reaches its time limit, and measures its time, CPU time and memory.
 * @throws IngotError command-failed when it fails by itself, missing-program when it or time(1) is not installed, and
 * the
 * signal's reason
 */
export async function timeProgram(host: Host, wanted: TimedProgram): Promise<Timed> {
  const { program, args, signal } = wanted;
  const report = join(wanted.workFolder, `time-${String(process.hrtime.bigint())}`);
  const last = new LastLines(30);
  const state = { nodeMiB: 0, cutOff: false };
  const begun = performance.now();
  const running = await host.start('/usr/bin/time', ['-f', '%U %S %M', '-o', report, program, ...args], {
    ...(wanted.cwd === undefined ? {} : { cwd: wanted.cwd }),
    ...(wanted.env === undefined ? {} : { env: wanted.env }),
    ...(wanted.log === undefined ? {} : { log: wanted.log }),
    signal,
    onLine: (line) => {
      last.add(line);
    },
  });
  const sampling = setInterval(() => {
    void peakMemory(running.pid).then((found) => {
      state.nodeMiB = Math.max(state.nodeMiB, found ?? 0);
    });
  }, sampleEveryMs);
  const bound =
    wanted.boundSeconds === undefined
      ? undefined
      : setTimeout(() => {
          state.cutOff = true;
          void running.end();
        }, wanted.boundSeconds * 1000);
  try {
    const ended = await running.ended;
    const value = (performance.now() - begun) / 1000;
    signal.throwIfAborted();
    if (!state.cutOff && ended.exitCode !== 0)
      throw new IngotError({
        code: 'command-failed',
        message: `${program} ended with exit status ${ended.exitCode ?? '?'}`,
        excerpt: last.lines,
        hint: [
          `run it again by hand: ${rerunCommand(program, args, wanted)}`,
          ...(wanted.log === undefined ? [] : [`its whole output: ${wanted.log}`]),
        ].join('\n'),
      });
    const memory = state.nodeMiB === 0 ? {} : { nodeMiB: state.nodeMiB };
    return { sample: { value, ...(await usage(report)), ...memory }, cutOff: state.cutOff };
  } finally {
    clearInterval(sampling);
    clearTimeout(bound);
    await rm(report, { force: true });
  }
}
