import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../../host/host.ts';
import { IngotError } from '../../host/ingot-error.ts';
import { type FetchFailure, fetchFailure, proxiesOf } from '../apt/fetch-failure.ts';
import type { AptSource, PresetSource } from '../plan/plan.ts';
import { download, type DownloadOptions } from '../pool/download.ts';
import { pooledPath } from '../pool/pool.ts';
import type { Lock } from './lock.ts';
import { pinnedKey } from './pinned-key.ts';
import { nameSources } from './source-names.ts';

/** A key file that was fetched or is in the pool: its bytes, and its name in errors. */
export interface KeyFile {
  readonly bytes: Buffer;
  readonly from: string;
}

export interface PresetKeysRequest extends DownloadOptions {
  /** Absolute folder for downloads, a plain path. */
  readonly folder: string;
  /** Absolute. */
  readonly pool: string;
  /** The previous lock. Its key is taken from the pool while it is valid. */
  readonly keep?: Lock;
}

/** Returns the key of the previous lock, if the pool has it and it may sign the source today. */
async function lockedKey(
  name: string,
  preset: PresetSource,
  { keep, pool }: PresetKeysRequest,
  now: number,
): Promise<KeyFile | undefined> {
  const locked = keep?.sources.find((one) => one.name === name)?.key;
  if (locked === undefined) return undefined;
  const bytes = await readFile(pooledPath(pool, locked.sha256)).catch(() => undefined);
  if (bytes === undefined) return undefined;
  const from = 'the key that was locked';
  return 'binary' in pinnedKey({ bytes, from }, preset, preset.fingerprint ?? '', now)
    ? { bytes, from }
    : undefined;
}

async function causeOf(host: Host, message: string): Promise<FetchFailure> {
  return (
    fetchFailure(message, await proxiesOf(host)) ?? {
      ...{ code: 'command-failed', why: message, hint: 'this is the output of apt' },
    }
  );
}

function notFetched({ name, mirror }: PresetSource, url: string, cause: FetchFailure): IngotError {
  const copy = mirror ? 'key: FILE next to mirror' : `mesos: { preset: ${name}, key: FILE }`;
  return new IngotError({
    code: cause.code,
    message: `the key of the preset ${name} cannot be fetched from ${url}: ${cause.why}`,
    hint: [
      cause.hint,
      `a copy of the key that you have, by file: ${copy}`,
      ...(mirror
        ? []
        : ['a copy of the whole source that this machine reaches: mesos: { mirror: URL, key: FILE }']),
    ].join('\n'),
  });
}

/**
 * Fetches the keys of presets for which the spec names no file. The code that reads a key decides whether it is valid.
 * @returns the file of each such source
 * @throws IngotError unreachable-source or wrong-source that says why a key cannot be fetched, and what to do without
 * it
 */
export async function fetchPresetKeys(
  host: Host,
  sources: readonly AptSource[],
  request: PresetKeysRequest,
): Promise<ReadonlyMap<AptSource, KeyFile>> {
  const files = new Map<AptSource, KeyFile>();
  for (const { name, source } of nameSources(sources)) {
    const { preset } = source;
    if (preset?.keyUrl === undefined || files.has(source)) continue;
    const locked = await lockedKey(name, preset, request, host.now());
    if (locked !== undefined) {
      files.set(source, locked);
      continue;
    }
    const file = join(request.folder, `${preset.name}.key`);
    const failures = await download(host, [{ url: preset.keyUrl, file }], request);
    const bytes = await readFile(file).catch(() => undefined);
    const failure = failures.get(file) ?? (bytes === undefined ? 'it was not fetched' : undefined);
    if (bytes === undefined || failure !== undefined)
      throw notFetched(preset, preset.keyUrl, await causeOf(host, failure ?? ''));
    files.set(source, { bytes, from: preset.keyUrl });
  }
  return files;
}
