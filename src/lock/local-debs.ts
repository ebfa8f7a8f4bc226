import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { IngotError } from '../errors/ingot-error.ts';
import type { Host } from '../host/host.ts';
import { sha256File } from '../host/sha256-file.ts';
import type { LocalDeb, Plan } from '../plan/plan.ts';
import { addToPool, isPooled, pooledPath } from '../pool/pool.ts';
import { localSource, packageLabel, packagesOf, type Lock, type LockedPackage } from './lock.ts';
import { debFile } from './lock-question.ts';

const isUrl = (from: string): boolean => /^[a-z]+:\/\//.test(from);

async function fetched(host: Host, deb: LocalDeb, folder: string): Promise<string> {
  const file = join(folder, `${deb.name}.deb`);
  await host.run('/usr/lib/apt/apt-helper', ['download-file', deb.from, file, `SHA256:${deb.sha256 ?? ''}`]);
  return file;
}

/**
 * Brings a .deb that the spec names into the pool and reads what it is.
 * @param folder absolute, for what is downloaded
 * @throws IngotError wrong-input when it is missing, no .deb, or not of the digest that the spec names
 */
async function lockDeb(
  host: Host,
  deb: LocalDeb,
  specFolder: string,
  pool: string,
  folder: string,
): Promise<LockedPackage> {
  const pooled = deb.sha256 === undefined ? undefined : pooledPath(pool, deb.sha256);
  const again = pooled !== undefined && (await stat(pooled).catch(() => undefined)) !== undefined;
  const from = isUrl(deb.from) ? (again ? pooled : await fetched(host, deb, folder)) : deb.from;
  const found = await stat(from).catch((cause: unknown) => {
    throw new IngotError({
      code: 'wrong-input',
      message: `the package of ${deb.name} cannot be read: ${deb.from}`,
      hint: 'make setup builds the stand-in packages of examples/; any other .deb is named in the spec',
      cause,
    });
  });
  const sha256 = await sha256File(from);
  if (deb.sha256 !== undefined && deb.sha256 !== sha256)
    throw new IngotError({
      code: 'wrong-input',
      message: `${deb.from} is not the file that the spec names: its SHA-256 is ${sha256}, not ${deb.sha256}`,
      hint: `if the file was meant to change, write the new digest into the spec under ${deb.name}`,
    });
  const format = '--showformat=${Package}\\t${Version}\\t${Architecture}';
  const shown = await host.run('dpkg-deb', ['--show', format, from]);
  const [name = '', version = '', architecture = ''] = shown.stdout.trim().split('\t');
  const path = debFile(deb, specFolder);
  const locked = { name, version, architecture, size: found.size, sha256, source: localSource, path };
  const file = { ...locked, label: packageLabel(locked) };
  if (!(await isPooled(pool, file))) await addToPool(pool, from, file, 'copy');
  return locked;
}

/** Brings the .debs that the spec names for any role into the pool; gives each under the place that the plan has for it. */
export async function lockLocalDebs(
  host: Host,
  plan: Plan,
  specFolder: string,
  pool: string,
  folder: string,
): Promise<Map<string, LockedPackage>> {
  const locked = new Map<string, LockedPackage>();
  for (const deb of plan.roles.flatMap(({ debs }) => debs))
    if (!locked.has(deb.from)) locked.set(deb.from, await lockDeb(host, deb, specFolder, pool, folder));
  return locked;
}

/**
 * The .debs of the spec that are here with other bytes than the lock has, one a line. One that is not here at all is no change: the pool has it.
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
