import { exitCodes, IngotError } from '../host/ingot-error.ts';
import { makeHost } from '../host/make-host.ts';
import { allowClosedPipes } from './closed-pipes.ts';
import { expectedError } from './expected-error.ts';
import { bugText, errorText } from './show-error.ts';
import type { World } from './world.ts';

/** What a program threw. */
export interface Thrown {
  /** As it is shown. */
  readonly error: IngotError;
  /** As it was thrown: the same, or an error of the operating system. */
  readonly thrown: unknown;
  readonly colour: boolean;
}

/**
 * Runs a program of ingot in this process, with its streams and signals; errors are printed to stderr.
 * @param body gets the arguments without the program's own name
 * @param explain returns what is printed for an error; without it the error's own text is printed. If it fails itself,
 * the error's own text is printed as well
 * @returns the exit status
 */
export async function runProgram(
  body: (world: World, args: readonly string[]) => Promise<number>,
  explain?: (world: World, args: readonly string[], thrown: Thrown) => Promise<string>,
): Promise<number> {
  // What ingot and its programs write has the usual modes, whoever starts it.
  process.umask(0o022);

  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      interruption.abort(
        new IngotError({ code: 'interrupted', message: `interrupted by ${signal}; nothing was published` }),
      );
    });
  }

  allowClosedPipes();

  const world: World = {
    host: makeHost((text) => process.stderr.write(`ingot: warning: ${text}\n`)),
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    args: process.argv.slice(2),
    cwd: process.cwd(),
    env: process.env,
    stream: process.stderr,
    // Opened by the first use.
    get input() {
      return process.stdin;
    },
    signal: interruption.signal,
  };

  try {
    return await body(world, process.argv.slice(2));
  } catch (thrown) {
    const error = expectedError(thrown, interruption.signal);
    if (error === undefined) {
      world.err(bugText(thrown));
      return exitCodes.failed;
    }
    const colour = process.stderr.isTTY && world.env['NO_COLOR'] === undefined;
    const explained = await explain?.(world, process.argv.slice(2), { error, thrown, colour }).catch(
      () => undefined,
    );
    world.err(explained ?? errorText(error, colour));
    return error.exitCode;
  }
}
