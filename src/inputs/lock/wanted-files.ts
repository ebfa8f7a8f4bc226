import type { Plan } from '../plan/plan.ts';
import type { WantedFile } from '../pool/fill-pool.ts';
import type { PoolFile } from '../pool/pool.ts';
import { copyUrl } from '../url/canonical-url.ts';
import {
  localSource,
  type Lock,
  type LockedPackage,
  type PackageGroup,
  packageLabel,
  packagesOf,
} from './lock.ts';
import { debFile } from './lock-requirements.ts';
import { fileUrls, nameSources } from './source-names.ts';

/** Returns the files of a lock as pool entries. */
export function poolFiles(lock: Lock, wanted?: readonly PackageGroup[]): (LockedPackage & PoolFile)[] {
  return packagesOf(lock, wanted).map((one) => ({ ...one, label: packageLabel(one) }));
}

/** Returns the files of a lock with the addresses at which the sources of this machine and of the spec have them. */
export function wantedFiles(lock: Lock, plan: Plan, specFolder: string): WantedFile[] {
  const sources = nameSources(plan.base.sources);
  const debs = plan.roles.flatMap((role) => role.debs);
  const local = (path: string): string[] => {
    const deb = debs.find((one) => debFile(one, specFolder) === path);
    if (deb === undefined) return [];
    return [deb.from.startsWith('/') ? copyUrl(deb.from) : deb.from];
  };
  return poolFiles(lock).map(({ sha256, size, label, source, path }) => {
    const found = sources.find(({ name }) => name === source);
    const urls = source === localSource ? local(path) : found === undefined ? [] : fileUrls(found, path);
    return { sha256, size, label, urls };
  });
}
