import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Host } from '../../host/host.ts';
import { isPlainPath, maxPathBytes } from '../../host/plain-paths.ts';
import type { PackageGroup } from '../../inputs/lock/lock.ts';
import type { LockAndPool } from '../../inputs/lock/lock-and-pool.ts';
import { poolFiles } from '../../inputs/lock/wanted-files.ts';
import { aptSourcesFile } from '../../inputs/plan/apt-sources-file.ts';
import { flatRepository } from '../../inputs/pool/flat-repository.ts';
import { copyUrl } from '../../inputs/url/canonical-url.ts';
import { plainFolder } from './sandbox.ts';

/** The input of mmdebstrap: a single source, and every package with its version. */
export interface LockedInput {
  /** Absolute path of a deb822 file with that source. */
  readonly sources: string;
  /** name=version of each package. */
  readonly packages: readonly string[];
}

/**
 * Creates an apt source for mmdebstrap from the locked packages of a group, as links into the pool.
 * @param folder absolute; created here, in the folder that mmdebstrap can write
 */
export async function lockedInput(
  host: Host,
  { lock, pool }: LockAndPool,
  group: PackageGroup,
  folder: string,
): Promise<LockedInput> {
  const repository = join(folder, 'repository');
  await mkdir(folder, { recursive: true });
  const packages = poolFiles(lock, [group]);
  await flatRepository(host, pool, packages, { folder: repository, suite: lock.question.suite });
  const sources = join(folder, 'apt.sources');
  const plain =
    isPlainPath(repository) && Buffer.byteLength(repository) <= maxPathBytes
      ? repository
      : `${plainFolder.path}/${basename(folder)}/${basename(repository)}`;
  // It needs no signature: we write its index with the digests of the lock, and apt compares them.
  const source = { uris: [copyUrl(plain)], suites: ['./'], components: [], trusted: true } as const;
  await writeFile(sources, aptSourcesFile([source]));
  return {
    sources,
    packages: packages.map(({ name, version }) => `${name}=${version}`),
  };
}
