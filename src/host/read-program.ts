import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { IngotError } from './ingot-error.ts';
import { plainLines } from './plain-text.ts';

export interface ReadProgram {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The program is ended when it has run this long. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** How a program ended after its output was read. */
export interface ReadEnd {
  readonly exitCode: number | null;
  readonly tookTooLong: boolean;
  /** The last line that it wrote to stderr; empty if none. */
  readonly lastError: string;
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** These are killed when our own process exits for any reason. */
const running = new Set<Child>();
process.on('exit', () => {
  for (const child of running) end(child, 'SIGKILL');
});

function end(child: Child, signal: NodeJS.Signals): void {
  try {
    // Signals the group, because ssh starts a second ssh for a jump.
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
      process.kill(-child.pid, signal);
  } catch {
    // the process has already ended
  }
}

/** The number of bytes kept of stderr, so that a program that writes without end does not fill the memory. */
const tailBytes = 4096;
const graceMs = 2000;

/**
 * Reads the output of a program as it arrives, no faster than it is consumed. When `read` returns early the program is
 * ended.
 * @throws IngotError missing-program; also what `read` throws and the signal's reason
 */
export async function readProgram<T>(
  { program, args, env, timeoutMs, signal }: ReadProgram,
  read: (chunks: AsyncIterable<Uint8Array>) => Promise<T>,
): Promise<{ readonly value: T; readonly end: ReadEnd }> {
  signal.throwIfAborted();
  const child: Child = spawn(program, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => {
      running.delete(child);
    });
    child.once('close', resolve);
  });
  running.add(child);
  let tail = '';
  child.stderr.on('data', (chunk: Buffer) => {
    tail = (tail + chunk.toString()).slice(-tailBytes);
  });
  const state = { tookTooLong: false, letGo: false };
  let kill: NodeJS.Timeout | undefined;
  const stop = (): void => {
    end(child, 'SIGTERM');
    kill ??= setTimeout(() => {
      end(child, 'SIGKILL');
      // A process that left the group may hold the streams open for ever.
      state.letGo = true;
      child.stdout.destroy();
      child.stderr.destroy();
    }, graceMs);
  };
  const timer = setTimeout(() => {
    state.tookTooLong = true;
    stop();
  }, timeoutMs);
  signal.addEventListener('abort', stop, { once: true });
  try {
    const value = await Promise.race([read(untilReleased(child.stdout, state)), failureOf(closed)]);
    const enough = !child.stdout.readableEnded;
    if (enough) stop();
    await closed;
    signal.throwIfAborted();
    const lastError = plainLines(tail).at(-1) ?? '';
    // An ssh that is terminated may exit with status 255, which would look like a failure of ssh itself.
    const exitCode = enough ? null : child.exitCode;
    return { value, end: { exitCode, tookTooLong: state.tookTooLong, lastError } };
  } catch (error) {
    running.delete(child);
    signal.throwIfAborted();
    if (error instanceof Error && 'syscall' in error && String(error.syscall).startsWith('spawn'))
      throw new IngotError({
        code: 'missing-program',
        message: `${program} could not be started`,
        excerpt: [error.message],
        hint: 'make setup installs the programs that ingot runs; ingot doctor lists them',
        cause: error,
      });
    stop();
    throw error;
  } finally {
    clearTimeout(timer);
    clearTimeout(kill);
    signal.removeEventListener('abort', stop);
  }
}

/** The chunks of a stream. If we destroyed the stream ourselves, that counts as its end. */
async function* untilReleased(
  stream: Readable,
  state: { readonly letGo: boolean },
): AsyncGenerator<Uint8Array, void> {
  try {
    for await (const chunk of stream) yield chunk as Buffer;
  } catch (error) {
    if (!state.letGo) throw error;
  }
}

/** Settles only if the promise rejects. */
const failureOf = (closed: Promise<void>): Promise<never> =>
  new Promise((_, reject) => {
    closed.catch(reject);
  });
