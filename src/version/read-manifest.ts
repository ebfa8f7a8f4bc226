import { createReadStream, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { IngotError } from '../host/ingot-error.ts';
import { factsOf } from './facts.ts';

/** A manifest that is being read: its head, then the JSON text of each path, in order (docs/seal.md). */
export interface OpenManifest {
  readonly head: ReadonlyMap<string, string>;
  readonly lines: AsyncGenerator<string, void>;
}

function broken(file: string, cause?: unknown): IngotError {
  return new IngotError({
    code: 'not-a-version',
    message: `${file} is not a manifest that ingot wrote`,
    hint: 'remove this version from the store and bake it again',
    cause,
  });
}

/**
 * Parses one line of a manifest.
 * @throws IngotError not-a-version that names the file
 */
export function parseJson(text: string, file: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch (error) {
    throw broken(file, error);
  }
  throw broken(file);
}

/**
 * Opens a manifest as a stream. Only one line of it is in memory at a time.
 * @throws IngotError not-a-version if it is not a manifest
 */
export async function openManifest(file: string): Promise<OpenManifest> {
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Infinity })[
    Symbol.asyncIterator
  ]();
  const first = await lines.next();
  if (first.done === true || !first.value.endsWith('"entries":[')) throw broken(file);
  const head = factsOf(parseJson(`${first.value}]}`, file));
  head.delete('entries');
  return { head, lines: entryLines(lines, file) };
}

/**
 * Reads the head of a manifest, which comes before its paths. The whole file is read.
 * @throws IngotError not-a-version if it is not a manifest
 */
export async function readManifestHead(file: string): Promise<ReadonlyMap<string, string>> {
  const { head, lines } = await openManifest(file);
  // Reading to the end closes the file.
  while ((await lines.next()).done !== true);
  return head;
}

/** The zstd level with which the root of a manifest was compressed; undefined if no manifest states it. */
export async function compressionLevelOf(file: string): Promise<number | undefined> {
  if (!existsSync(file)) return undefined;
  const head = await readManifestHead(file);
  const level = Number(head.get('compression.level'));
  return Number.isInteger(level) ? level : undefined;
}

async function* entryLines(lines: AsyncIterator<string>, file: string): AsyncGenerator<string, void> {
  for (;;) {
    const line = await lines.next();
    if (line.done === true) throw broken(file);
    if (line.value === ']}') return;
    yield line.value.endsWith(',') ? line.value.slice(0, -1) : line.value;
  }
}
