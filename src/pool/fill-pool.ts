import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { IngotError } from '../errors/ingot-error.ts';
import type { Host } from '../host/host.ts';
import { addToPool, type PoolFile } from './pool.ts';
import { openPartialFolder } from './partial-folder.ts';
import { faultyFiles } from './verify-pool.ts';

/** A file that is wanted, and where it can be had. */
export interface WantedFile extends PoolFile {
  /** In the order in which they are to be tried; http, https, file or copy. */
  readonly urls: readonly string[];
}

export interface FillOptions {
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string) => void;
}

/** What apt-helper said of each address that it could not fetch. */
type Failures = Map<string, string>;

/** Downloads side by side as apt does it: a queue for each host, pipelined, with resume, retries and a check of the digest. */
async function download(
  host: Host,
  pairs: readonly { readonly url: string; readonly file: string; readonly sha256: string }[],
  options: FillOptions,
): Promise<Failures> {
  const failures: Failures = new Map();
  const { exitCode, stderr } = await host.run(
    '/usr/lib/apt/apt-helper',
    [
      ...['-o', 'Acquire::Retries=3', '-o', 'APT::Sandbox::User=root'],
      'download-file',
      ...pairs.flatMap(({ url, file, sha256 }) => [url, file, `SHA256:${sha256}`]),
    ],
    {
      accept: [0, 100],
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      ...(options.onLine === undefined ? {} : { onLine: options.onLine }),
    },
  );
  if (exitCode === 0) return failures;
  for (const line of stderr.split('\n')) {
    const [, url, why] = /^[EW]: Failed to fetch (\S+) +(.*)$/.exec(line) ?? [];
    if (url !== undefined) failures.set(url, why ?? '');
  }
  return failures;
}

/**
 * Brings into the pool what it lacks or has with other bytes; what it has already is read and kept.
 * @returns the files that were fetched
 * @throws IngotError wrong-input that names each file that no address gave, and what was said; all that was fetched stays in the pool
 */
export async function fillPool<File extends WantedFile>(
  host: Host,
  pool: string,
  files: readonly File[],
  options: FillOptions = {},
): Promise<File[]> {
  const distinct = [...new Map(files.map((file) => [file.sha256, file])).values()];
  const missing = await faultyFiles(pool, distinct);
  if (missing.length === 0) return [];
  const partial = await openPartialFolder(pool);
  const said = new Map<string, string[]>();
  let open: readonly File[] = missing;
  try {
    for (const file of missing) await partial.adopt(file.sha256);
    const rounds = Math.max(...missing.map(({ urls }) => urls.length));
    for (let round = 0; round < rounds && open.length > 0; round++) {
      const asked = open.filter(({ urls }) => urls.length > round);
      const pairs = asked.map(({ urls, sha256 }) => ({
        url: urls[round] ?? '',
        file: join(partial.path, sha256),
        sha256,
      }));
      const failures = await download(host, pairs, options);
      const still: File[] = [];
      for (const file of asked) {
        const downloaded = join(partial.path, file.sha256);
        const url = file.urls[round] ?? '';
        const why = failures.get(url) ?? (existsSync(downloaded) ? undefined : 'was not fetched');
        if (why === undefined) await addToPool(pool, downloaded, file, 'move');
        else {
          said.set(file.sha256, [...(said.get(file.sha256) ?? []), `${url} ${why}`]);
          if (/Hash Sum mismatch|unexpected size/.test(why)) {
            await rm(downloaded, { force: true });
            await rm(`${downloaded}.FAILED`, { force: true });
          }
          still.push(file);
        }
      }
      open = [...still, ...open.filter((file) => !asked.includes(file))];
    }
  } finally {
    await partial.close();
  }
  if (open.length > 0) throw notFetched(open, said);
  return missing;
}

function notFetched(files: readonly PoolFile[], said: ReadonlyMap<string, readonly string[]>): IngotError {
  return new IngotError({
    code: 'wrong-input',
    message: `${files.length === 1 ? 'a package is' : `${files.length} packages are`} not to be had any more, and not in the pool:`,
    excerpt: files.flatMap(({ label, sha256 }) => [
      label,
      ...(said.get(sha256) ?? []).map((line) => `  ${line}`),
    ]),
    hint: 'ingot lock SPEC --update takes what the sources offer now; a pool that still has the files can be carried here with ingot lock --export and --import',
  });
}
