import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../../host/host.ts';
import { IngotError } from '../../host/ingot-error.ts';
import { openPlainFolder } from '../../host/plain-paths.ts';
import { type FetchFailure, fetchFailure, proxiesOf } from '../apt/fetch-failure.ts';
import { download, type DownloadOptions } from './download.ts';
import { openPartialFolder } from './partial-folder.ts';
import { addToPool, type PoolFile } from './pool.ts';
import { noSpaceLeft, requirePoolSpace } from './pool-space.ts';
import { faultyFiles } from './verify-pool.ts';

/** A file that is needed, and where it is available. */
export interface WantedFile extends PoolFile {
  /** In the order in which they are tried; http, https, file or copy. */
  readonly urls: readonly string[];
}

/** Credentials for the servers, the signal that stops the work, and the receiver of apt's output. */
export type FillOptions = DownloadOptions;

/** The error message for a file at one address. */
interface Report {
  readonly url: string;
  readonly why: string;
}

/**
 * Fetches the files that the pool lacks or has with other bytes. Files that the pool already has are verified and kept.
 * @returns the files that were fetched
 * @throws IngotError unavailable-package that names each file that no address provided, and the error messages;
 * everything that was fetched stays in the pool
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
  // A path of the folder that apt's programs accept as it is.
  const plain = await openPlainFolder(partial.path);
  const at = ({ sha256 }: PoolFile): string => join(plain.path, sha256);
  const reports = new Map<string, Report[]>();
  let open: readonly File[] = missing;
  try {
    for (const file of missing) await partial.adopt(file.sha256);
    const begun = missing.map((file) => ({ size: file.size, begun: at(file) }));
    const needed = await requirePoolSpace(pool, begun);
    const rounds = Math.max(...missing.map(({ urls }) => urls.length));
    for (let round = 0; round < rounds && open.length > 0; round++) {
      const attempted = open.filter(({ urls }) => urls.length > round);
      const downloads = attempted.map((file) => ({
        url: file.urls[round] ?? '',
        file: at(file),
        sha256: file.sha256,
      }));
      const failures = await download(host, downloads, options);
      const still: File[] = [];
      for (const file of attempted) {
        const why = failures.get(at(file)) ?? (await unfinished(at(file), file));
        if (why === undefined) await addToPool(pool, at(file), file, 'move');
        else {
          reports.set(file.sha256, [
            ...(reports.get(file.sha256) ?? []),
            { url: file.urls[round] ?? '', why },
          ]);
          if (/Hash Sum mismatch|unexpected size/.test(why)) {
            await rm(at(file), { force: true });
            await rm(`${at(file)}.FAILED`, { force: true });
          }
          still.push(file);
        }
      }
      if (still.some(({ sha256 }) => reports.get(sha256)?.some(({ why }) => fullDisk.test(why)) === true))
        throw await noSpaceLeft(pool, needed);
      open = [...still, ...open.filter((file) => !attempted.includes(file))];
    }
  } finally {
    await plain.close();
    await partial.close();
  }
  if (open.length > 0) throw notFetched(open, reports, await proxiesOf(host));
  return missing;
}

const fullDisk = /No space left on device|Disk quota exceeded/;

/** Describes a download about which apt printed nothing; undefined if it is complete. */
async function unfinished(path: string, { size }: PoolFile): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return 'was not fetched';
  return found.size < size ? `only ${found.size} of ${size} bytes were fetched` : undefined;
}

/**
 * Returns the cause if every failure has the same one and it does not concern a single file. It is then the message of
 * the error.
 */
function commonCause(reports: readonly Report[], proxies: readonly string[]): FetchFailure | undefined {
  const causes = reports.map(({ why }) => fetchFailure(why, proxies));
  const [first] = causes;
  const ofTheServer = first !== undefined && !first.why.startsWith('it is not there');
  return ofTheServer && causes.every((one) => one?.hint === first.hint) ? first : undefined;
}

function notFetched(
  files: readonly PoolFile[],
  reports: ReadonlyMap<string, readonly Report[]>,
  proxies: readonly string[],
): IngotError {
  const excerpt = files.flatMap(({ label, sha256 }) => [
    label,
    ...(reports.get(sha256) ?? []).map(({ url, why }) => `  ${url} ${why}`),
  ]);
  const what = files.length === 1 ? 'a package' : `${files.length} packages`;
  const cause = commonCause(
    files.flatMap(({ sha256 }) => reports.get(sha256) ?? []),
    proxies,
  );
  if (cause !== undefined)
    return new IngotError({
      code: cause.code,
      message: `${what} cannot be fetched: ${cause.why}`,
      excerpt,
      hint: cause.hint,
    });
  return new IngotError({
    code: 'unavailable-package',
    message: `${what} ${files.length === 1 ? 'is' : 'are'} no longer available from the source, and not in the package pool:`,
    excerpt,
    hint: 'ingot lock SPEC --update takes what the sources offer now; a pool that still has the files can be brought here with ingot lock export and ingot lock import',
  });
}
