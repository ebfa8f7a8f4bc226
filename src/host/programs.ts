import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { execa } from 'execa';
import { rerunCommand } from './command-text.ts';
import { fixedEnvironment } from './environment.ts';
import type { Running, RunOptions, RunResult, StartOptions } from './host.ts';
import { IngotError } from './ingot-error.ts';
import { LastLines } from './last-lines.ts';
import { openOutputLog } from './output-log.ts';
import { endProcessGroup, killProcessGroup } from './process-group.ts';

/** Process groups that still run. They are killed when our own process exits for any reason. */
const liveGroups = new Set<number>();
process.on('exit', () => {
  for (const pid of liveGroups) killProcessGroup(pid);
});

function spawn(program: string, args: readonly string[], options: RunOptions) {
  const child = execa(program, args, {
    detached: true,
    extendEnv: false,
    env: { ...fixedEnvironment(process.env), ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
    buffer: false,
    reject: false,
    stripFinalNewline: false,
  });
  const { pid } = child;
  if (pid !== undefined) {
    liveGroups.add(pid);
    void child.finally(() => liveGroups.delete(pid));
  }
  return child;
}

type Child = ReturnType<typeof spawn>;

/** Reads a stream by lines; resolves when it has ended or was destroyed. */
async function eachLine(stream: Readable, take: (line: string) => void): Promise<void> {
  const lines = createInterface({ input: stream, crlfDelay: Infinity });
  stream.once('close', () => {
    lines.close();
  });
  for await (const line of lines) take(line);
}

/** Ends the group, then closes its output, which a process that left the group could otherwise hold open for ever. */
async function endAndRelease(child: Child, pid: number, signal: NodeJS.Signals, graceMs: number) {
  await endProcessGroup(pid, signal, graceMs);
  // The last output of the group is read first.
  await new Promise((resolve) => setTimeout(resolve, releaseMs));
  child.stdout.destroy();
  child.stderr.destroy();
}
const releaseMs = 50;

function notStarted(program: string, cause: unknown): IngotError {
  return new IngotError({
    code: 'missing-program',
    message: `${program} could not be started`,
    ...(cause instanceof Error ? { excerpt: [cause.message] } : {}),
    hint: 'make setup installs the programs that ingot runs; ingot doctor lists them',
    cause,
  });
}

/** Host.run, in a process group of its own. */
export async function run(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  options.signal?.throwIfAborted();
  const child = spawn(program, args, options);
  const { pid } = child;
  if (pid === undefined) throw notStarted(program, (await child).cause);

  const log = openOutputLog(options.log);
  const last = new LastLines(30);
  const kept = { stdout: [] as string[], stderr: [] as string[] };
  const take = (name: 'stdout' | 'stderr') => (line: string) => {
    last.add(line);
    log.write(line);
    if (options.discardOutput !== true) kept[name].push(line);
    options.onLine?.(line, name);
  };

  const state: { tookTooLong: boolean; ending?: Promise<void> } = { tookTooLong: false };
  const stop = () => {
    state.ending ??= endAndRelease(child, pid, 'SIGTERM', 3000);
  };
  options.signal?.addEventListener('abort', stop, { once: true });
  const tooLate = () => {
    state.tookTooLong = true;
    stop();
  };
  const timer = options.timeoutMs === undefined ? undefined : setTimeout(tooLate, options.timeoutMs);
  try {
    const [ended] = await Promise.all([
      child,
      eachLine(child.stdout, take('stdout')),
      eachLine(child.stderr, take('stderr')),
    ]).catch((error: unknown) => {
      stop();
      throw error;
    });
    options.signal?.throwIfAborted();
    const { exitCode } = ended;
    if (!state.tookTooLong && exitCode !== undefined && (options.accept ?? [0]).includes(exitCode)) {
      return { exitCode, stdout: joined(kept.stdout), stderr: joined(kept.stderr) };
    }
    throw failed(
      { program, args, options },
      last.lines,
      state.tookTooLong ? 'took too long' : outcome(ended),
    );
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', stop);
    await state.ending;
    await log.close();
  }
}

const joined = (lines: readonly string[]): string => (lines.length === 0 ? '' : `${lines.join('\n')}\n`);

function outcome(ended: { exitCode?: number | undefined; signal?: string | undefined }): string {
  return ended.signal === undefined
    ? `ended with exit status ${ended.exitCode ?? '?'}`
    : `was ended by ${ended.signal}`;
}

interface ProgramRun {
  readonly program: string;
  readonly args: readonly string[];
  readonly options: RunOptions;
}

function failed({ program, args, options }: ProgramRun, excerpt: readonly string[], how: string): IngotError {
  return new IngotError({
    code: 'command-failed',
    message: `${program} ${how}`,
    excerpt,
    hint: [
      `run it again by hand: ${rerunCommand(program, args, options)}`,
      ...(options.input === undefined ? [] : ['it was given text on its standard input']),
      ...(options.log === undefined ? [] : [`its whole output: ${options.log}`]),
    ].join('\n'),
  });
}

/** As Host.start, but synchronous: it throws where Host.start rejects. */
export function start(program: string, args: readonly string[], options: StartOptions = {}): Running {
  options.signal?.throwIfAborted();
  const child = spawn(program, args, options);
  const { pid } = child;
  if (pid === undefined) throw notStarted(program, undefined);
  const log = openOutputLog(options.log);
  const reading = (['stdout', 'stderr'] as const).map((name) =>
    eachLine(child[name], (line) => {
      log.write(line);
      options.onLine?.(line, name);
    }),
  );
  const end: Running['end'] = ({ signal = 'SIGTERM', graceMs = 5000 } = {}) =>
    endAndRelease(child, pid, signal, graceMs);
  const stop = () => void end();
  options.signal?.addEventListener('abort', stop, { once: true });
  const ended = (async () => {
    const result = await child;
    await Promise.allSettled(reading);
    options.signal?.removeEventListener('abort', stop);
    await log.close().catch(() => undefined); // the program did not cause this failure
    return { exitCode: result.exitCode, signal: result.signal };
  })();
  return { pid, ended, end };
}
