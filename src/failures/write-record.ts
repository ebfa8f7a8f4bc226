import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toolVersion } from '../inputs/plan/tool-version.ts';
import { type Failure, failureScreen } from './failure-screen.ts';
import { SecretRemover } from './redact-secrets.ts';

/** The names of the files in the logs of a run that failed. */
export const failureFiles = { text: 'failure.txt', data: 'failure.json' } as const;

/**
 * Writes a failure next to the logs of its run: as text without any line left out, and as JSON (format 1).
 * @param args the command as it was typed
 * @param now milliseconds since 1970
 * @returns the absolute path of the text; undefined if it cannot be written, as on a full disk
 */
export async function writeFailure(
  failure: Failure & { readonly logs: string },
  args: readonly string[],
  now: number,
): Promise<string | undefined> {
  const { error, stages, recognised, again, logs } = failure;
  const remover = new SecretRemover([]);
  const data = {
    ...{ format: 1, at: new Date(now).toISOString(), ingot: toolVersion, command: ['ingot', ...args] },
    ...{ code: error.code, exit: error.exitCode, message: error.message },
    ...{ excerpt: error.excerpt, hint: error.hint ?? null, stages },
    known: recognised?.known.code ?? null,
    again: again?.command ?? null,
  };
  const screen = failureScreen(failure, { rows: Infinity, columns: 120, colour: false });
  const text = join(logs, failureFiles.text);
  try {
    await writeFile(text, remover.clean(screen));
    const json = JSON.stringify(
      data,
      (_, value: unknown) => (typeof value === 'string' ? remover.clean(value) : value),
      2,
    );
    await writeFile(join(logs, failureFiles.data), `${json}\n`);
    return text;
  } catch {
    return undefined;
  }
}
