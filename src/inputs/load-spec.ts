import { access, constants, readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { IngotError } from '../host/ingot-error.ts';

export interface LoadedSpec {
  readonly text: string;
  /** As the user named it, for errors. */
  readonly fileName: string;
  /** Absolute; relative paths in the spec are relative to it. */
  readonly folder: string;
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EACCES: 'may not be read',
  EISDIR: 'is a folder',
  ENOTDIR: 'is below something that is not a folder',
};

function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return reasons[code ?? ''] ?? `cannot be read: ${message}`;
}

/** Returns the text of a UTF-8 file; throws a plain Error whose message says why it cannot be read. */
async function readText(path: string): Promise<string> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new Error(reason(error), { cause: error });
  });
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new Error('is not UTF-8 text', { cause });
  }
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Reads a cluster.yaml.
 * @throws IngotError wrong-spec if it does not exist or is not UTF-8 text
 */
export async function loadSpec(path: string): Promise<LoadedSpec> {
  try {
    return { text: await readText(path), fileName: path, folder: dirname(resolve(path)) };
  } catch (cause) {
    const hint = `Name the file that describes the cluster: examples/cluster.yaml is one to begin with.`;
    throw new IngotError({ code: 'wrong-spec', message: `${path} ${sentence(cause)}`, hint, cause });
  }
}

/** The files that a spec names, as written in it. */
export interface FilesToLoad {
  /** Files whose text is needed. */
  readonly texts: readonly string[];
  /** Files that must exist and be readable. */
  readonly present: readonly string[];
}

/**
 * Reads the text files that a spec names (relative to its folder) and checks that the others exist. Returns the texts
 * under their names in the spec.
 * @throws IngotError wrong-spec that names every file that is missing, unreadable or not UTF-8
 */
export async function loadNamedFiles(
  spec: LoadedSpec,
  files: FilesToLoad,
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  const missing: string[] = [];
  for (const name of files.texts)
    try {
      texts.set(name, await readText(resolve(spec.folder, name)));
    } catch (error) {
      missing.push(`${name} ${sentence(error)}`);
    }
  for (const name of files.present)
    await access(resolve(spec.folder, name), constants.R_OK).catch((error: unknown) => {
      missing.push(`${name} ${reason(error)}`);
    });
  if (missing.length > 0)
    throw new IngotError({
      code: 'wrong-spec',
      message: [
        `${basename(spec.fileName)} names files that cannot be used:`,
        ...missing.map((line) => `  ${line}`),
      ].join('\n'),
      hint: `Relative paths begin at ${spec.folder}.`,
    });
  return texts;
}
