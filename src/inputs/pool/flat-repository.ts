import { createHash } from 'node:crypto';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Host } from '../../host/host.ts';
import { IngotError } from '../../host/ingot-error.ts';
import { pooledPath, type PoolFile } from './pool.ts';

/** A package of the pool, with the parts of its .deb file name. */
export interface PooledDeb extends PoolFile {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
}

/** Returns the name of a .deb as apt writes it: name_version_architecture, with the colon of an epoch as %3a. */
export function debName(deb: Pick<PooledDeb, 'name' | 'version' | 'architecture'>): string {
  return `${deb.name}_${deb.version.replaceAll(':', '%3a')}_${deb.architecture}.deb`;
}

interface FlatRepository {
  /** Absolute; created here, and emptied if it exists. */
  readonly folder: string;
  /** The suite in its Release file. */
  readonly suite: string;
}

/**
 * Creates a flat apt repository (sources.list(5)) of links into the pool, with the index that apt needs to check each
 * digest again when it reads the file. The control fields are those of the .debs themselves.
 */
export async function flatRepository(
  host: Host,
  pool: string,
  debs: readonly PooledDeb[],
  { folder, suite }: FlatRepository,
): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  // apt-ftparchive prints the name of a link or, for long paths, the name of the pool's file that it points to.
  const byFileName = new Map(
    debs.flatMap((deb) => [debName(deb), basename(pooledPath(pool, deb.sha256))].map((name) => [name, deb])),
  );
  for (const deb of debs) await symlink(pooledPath(pool, deb.sha256), join(folder, debName(deb)));
  const noHashes = ['MD5', 'SHA1', 'SHA256', 'SHA512'].flatMap((hash) => [
    '-o',
    `APT::FTPArchive::${hash}=false`,
  ]);
  const index = await host.run('apt-ftparchive', [...noHashes, 'packages', '.'], { cwd: folder });
  const text = index.stdout.replaceAll(/^Filename: (.*)$/gm, (line, file: string) => {
    const deb = byFileName.get(basename(file));
    return deb === undefined ? line : `Filename: ./${debName(deb)}\nSHA256: ${deb.sha256}`;
  });
  await writeFile(join(folder, 'Packages'), text);
  requireSame(text, debs);
  const bytes = Buffer.from(text);
  const digest = createHash('sha256').update(bytes).digest('hex');
  await writeFile(
    join(folder, 'Release'),
    `Suite: ${suite}\nCodename: ${suite}\nSHA256:\n ${digest} ${bytes.length} Packages\n`,
  );
}

/** Checks that the control data of each .deb matches its lock entry. */
function requireSame(index: string, debs: readonly PooledDeb[]): void {
  const field = (stanza: string, name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(stanza)?.[1] ?? '';
  const found = new Map(
    index
      .split('\n\n')
      .map((stanza) => [
        field(stanza, 'SHA256'),
        ['Package', 'Version', 'Architecture'].map((name) => field(stanza, name)).join(' '),
      ]),
  );
  const others = debs.flatMap(({ sha256, label, name, version, architecture }) => {
    const is = found.get(sha256);
    return is === [name, version, architecture].join(' ') ? [] : [`${label} is ${is ?? 'no package'}`];
  });
  if (others.length > 0)
    throw new IngotError({
      code: 'wrong-pool',
      message: 'packages of the pool do not match the lock:',
      excerpt: others,
      hint: 'the lock was changed by hand: restore it from version control, or make a new one with ingot lock SPEC --update',
    });
}
