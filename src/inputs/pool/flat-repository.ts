import { createHash } from 'node:crypto';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Host } from '../../host/host.ts';
import { IngotError } from '../../host/ingot-error.ts';
import { pooledPath, type PoolFile } from './pool.ts';

/** A package of the pool, and its name as a .deb. */
export interface PooledDeb extends PoolFile {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
}

/** The name of a .deb as apt gives it: name_version_architecture, the colon of an epoch as %3a. */
export function debName(deb: Pick<PooledDeb, 'name' | 'version' | 'architecture'>): string {
  return `${deb.name}_${deb.version.replaceAll(':', '%3a')}_${deb.architecture}.deb`;
}

interface FlatRepository {
  /** Absolute; made here, emptied if it is there. */
  readonly folder: string;
  /** What its Release file is to call itself. */
  readonly suite: string;
}

/**
 * Makes a flat apt repository (sources.list(5)) of links into the pool, with the index that apt needs to check each digest again as it
 * reads the file. The control fields are those of the .debs themselves.
 */
export async function flatRepository(
  host: Host,
  pool: string,
  debs: readonly PooledDeb[],
  { folder, suite }: FlatRepository,
): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  // apt-ftparchive names a link by itself or, where paths are long, by the pool's file behind it.
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

/** Each .deb says of itself what it is said to be. */
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
      message: 'packages of the pool are not what they are said to be:',
      excerpt: others,
      hint: 'the lock was changed by hand: take it from version control again, or make a new one with ingot lock SPEC --update',
    });
}
