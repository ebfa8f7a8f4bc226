import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { IngotError } from './ingot-error.ts';
import { plainLines } from './plain-text.ts';

export interface ReadProgram {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** It is ended when it has run for so long. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** How a program ended whose output was read. */
export interface ReadEnd {
  readonly exitCode: number | null;
  readonly tookTooLong: boolean;
  /** The last line that it wrote to stderr; empty if none. */
  readonly lastError: string;
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** Whatever ends our own process, these go with it. */
const running = new Set<Child>();
process.on('exit', () => {
  for (const child of running) end(child, 'SIGKILL');
});

function end(child: Child, signal: NodeJS.Signals): void {
  try {
    // Its group: ssh starts another one for a jump.
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
      process.kill(-child.pid, signal);
  } catch {
    // it has ended already
  }
}

/** Of stderr so many bytes are looked at: a program that writes without end does not fill the memory. */
const tailBytes = 4096;
const graceMs = 2000;

/**
 * Reads the output of a program as it comes, no faster than it is taken. When `read` has seen enough the program is ended.
 * @throws IngotError missing-program; what `read` throws; the signal's reason
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
      // What left the group may hold the streams for ever.
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
    const value = await Promise.race([read(untilLetGo(child.stdout, state)), failureOf(closed)]);
    const enough = !child.stdout.readableEnded;
    if (enough) stop();
    await closed;
    signal.throwIfAborted();
    const lastError = plainLines(tail).at(-1) ?? '';
    // ssh that is told to end may do so by exit status 255, which would be its own failure.
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

/** What is read of a stream; that we have closed it ourselves is its end. */
async function* untilLetGo(
  stream: Readable,
  state: { readonly letGo: boolean },
): AsyncGenerator<Uint8Array, void> {
  try {
    for await (const chunk of stream) yield chunk as Buffer;
  } catch (error) {
    if (!state.letGo) throw error;
  }
}

/** Settles only when the promise fails. */
const failureOf = (closed: Promise<void>): Promise<never> =>
  new Promise((_, reject) => {
    closed.catch(reject);
  });
