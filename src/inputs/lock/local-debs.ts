import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '../../host/host.ts';
import { IngotError } from '../../host/ingot-error.ts';
import { sha256File } from '../../host/sha256-file.ts';
import { fetchFailure, proxiesOf } from '../apt/fetch-failure.ts';
import type { LocalDeb, Plan } from '../plan/plan.ts';
import { download } from '../pool/download.ts';
import { addToPool, isPooled, pooledPath } from '../pool/pool.ts';
import { isUrl } from '../url/canonical-url.ts';
import type { Credentials } from '../url/credentials.ts';
import { type SpecFault, SpecFaults } from '../yaml/spec-faults.ts';
import { debFault } from './deb-archive.ts';
import { localSource, type Lock, type LockedPackage, packageLabel, packagesOf } from './lock.ts';
import { debFile } from './lock-requirements.ts';
import { type DebFile, debsOf, openDebs } from './open-debs.ts';

/** Explains what a user can do if the digest of a download differs from that in the spec. */
function otherBytes(deb: LocalDeb, page: boolean): SpecFault {
  return {
    path: [deb.name, 'sha256'],
    message: `${deb.from} is not the file with this SHA-256${page ? ': the server answers with an HTML page' : ''}`,
    right: page
      ? 'the URL of the .deb itself; the server may ask for a login'
      : 'if the file was meant to change, its new digest; else ask its owner',
  };
}

/**
 * Fetches the .debs that the spec names by URL and that the pool does not have.
 * @param folder absolute, a plain path
 */
async function fetchDebs(
  host: Host,
  request: LocalDebsRequest,
  debs: readonly LocalDeb[],
): Promise<DebFile[]> {
  const { folder } = request;
  const downloads = debs.map((deb) => ({
    ...{ deb, url: deb.from, sha256: deb.sha256 ?? '' },
    file: join(folder, `${deb.name}.deb`),
  }));
  if (downloads.length === 0) return [];
  const failures = await download(host, downloads, request);
  const faults: SpecFault[] = [];
  for (const { deb, file } of downloads) {
    const why = failures.get(file) ?? (existsSync(file) ? undefined : 'was not fetched');
    if (why === undefined) continue;
    if (/Hash Sum mismatch|unexpected size/.test(why)) {
      const page = await debFault(existsSync(`${file}.FAILED`) ? `${file}.FAILED` : file).catch(
        () => undefined,
      );
      faults.push(otherBytes(deb, page?.why.includes('HTML') === true));
      continue;
    }
    const cause = fetchFailure(why, await proxiesOf(host));
    throw new IngotError({
      code: cause?.code ?? 'command-failed',
      message: `${deb.from}, the .deb of ${deb.name}, cannot be fetched: ${cause?.why ?? why}`,
      hint: cause?.hint ?? 'this is the output of apt',
    });
  }
  if (faults.length > 0) throw new SpecFaults(faults);
  return downloads;
}

function inPool(pool: string, deb: LocalDeb): DebFile | undefined {
  if (deb.sha256 === undefined) return undefined;
  const file = pooledPath(pool, deb.sha256);
  return existsSync(file) ? { deb, file } : undefined;
}

/** Where .debs come from and where they go. */
export interface LocalDebsRequest {
  readonly plan: Plan;
  /** Absolute folder of the spec. */
  readonly specFolder: string;
  /** Absolute. */
  readonly pool: string;
  /** Absolute folder for downloads, a plain path. */
  readonly folder: string;
  readonly credentials: readonly Credentials[];
  readonly signal?: AbortSignal;
}

/**
 * Adds the .debs that the spec names for any role to the pool. Returns each under the path or URL by which the plan
 * names it.
 * @throws SpecFaults for each that is missing or incomplete, or whose digest, package or architecture is not the
 * required one
 * @throws IngotError command-failed if a server cannot be reached
 */
export async function lockLocalDebs(
  host: Host,
  request: LocalDebsRequest,
): Promise<Map<string, LockedPackage>> {
  const { plan, specFolder, pool } = request;
  const named = debsOf(plan);
  const here = named.filter(({ from }) => !isUrl(from)).map((deb) => ({ deb, file: deb.from }));
  const remote = named.filter(({ from }) => isUrl(from));
  const pooled = remote.map((deb) => ({ deb, known: inPool(pool, deb) }));
  const files = [
    ...here,
    ...pooled.flatMap(({ known }) => known ?? []),
    ...(await fetchDebs(
      host,
      request,
      pooled.flatMap(({ deb, known }) => (known === undefined ? [deb] : [])),
    )),
  ];
  const { debs, faults } = await openDebs(host, files, plan.base.architecture);
  if (faults.length > 0) throw new SpecFaults(faults);
  const locked = new Map<string, LockedPackage>();
  for (const { deb, file, name, version, architecture, size, sha256 } of debs) {
    const path = debFile(deb, specFolder);
    const one = { name, version, architecture, size, sha256, source: localSource, path };
    const entry = { ...one, label: packageLabel(one) };
    if (!(await isPooled(pool, entry))) await addToPool(pool, file, entry, 'copy');
    locked.set(deb.from, one);
  }
  return locked;
}

/**
 * Returns the .debs of the spec whose local file differs from the locked one, one per line. A file that is missing here
 * is not a change: the pool has it.
 */
export async function changedDebs(lock: Lock, plan: Plan, specFolder: string): Promise<string[]> {
  const local = packagesOf(lock).filter(({ source }) => source === localSource);
  const changed = new Set<string>();
  for (const deb of plan.roles.flatMap(({ debs }) => debs)) {
    if (isUrl(deb.from)) continue;
    const sha256 = await sha256File(deb.from).catch(() => undefined);
    const path = debFile(deb, specFolder);
    if (sha256 !== undefined && !local.some((one) => one.path === path && one.sha256 === sha256))
      changed.add(`.debs: ${path} is no longer the file that was locked`);
  }
  return [...changed];
}
