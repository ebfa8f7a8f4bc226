import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { commandAgain } from '../src/host/command-text.ts';
import type { Host } from '../src/host/host.ts';
import { IngotError } from '../src/host/ingot-error.ts';
import { LastLines } from '../src/host/last-lines.ts';
import { childrenOf, highWaterMiB } from './process-usage.ts';
import type { Sample } from './result.ts';

export interface TimedProgram {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** All output goes here as well. */
  readonly log?: string;
  /** The program is ended when it has run for so long. */
  readonly boundSeconds?: number;
  readonly signal: AbortSignal;
  /** Absolute folder for what time(1) writes. */
  readonly workFolder: string;
}

export interface Timed {
  /** Seconds, by the monotonic clock. */
  readonly sample: Sample;
  /** It was ended by the bound. */
  readonly cutOff: boolean;
}

/** VmHWM is a high-water mark: only what is reached within the last of these milliseconds is missed. */
const lookEveryMs = 50;

/** The most memory in MiB that the program below time(1) has held so far; undefined when it has ended or has not begun. */
async function highWater(timePid: number): Promise<number | undefined> {
  const [child] = await childrenOf(timePid);
  return child === undefined ? undefined : highWaterMiB(child);
}

/** The last line of what time(1) wrote with -f '%U %S %M': CPU seconds and KiB. */
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
 * Runs a program to its end or its bound and says what it took.
 * @throws IngotError command-failed when it fails of itself, missing-program when it or time(1) is not there, and the signal's reason
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
  const look = setInterval(() => {
    void highWater(running.pid).then((found) => {
      state.nodeMiB = Math.max(state.nodeMiB, found ?? 0);
    });
  }, lookEveryMs);
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
          `run it again by hand: ${commandAgain(program, args, wanted)}`,
          ...(wanted.log === undefined ? [] : [`its whole output: ${wanted.log}`]),
        ].join('\n'),
      });
    const memory = state.nodeMiB === 0 ? {} : { nodeMiB: state.nodeMiB };
    return { sample: { value, ...(await usage(report)), ...memory }, cutOff: state.cutOff };
  } finally {
    clearInterval(look);
    clearTimeout(bound);
    await rm(report, { force: true });
  }
}
