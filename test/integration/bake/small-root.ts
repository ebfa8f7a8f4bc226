import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeSquashfs } from '../../../src/bake/seal/squashfs.ts';
import type { Host } from '../../../src/host/host.ts';
import { sha256File } from '../../../src/host/sha256-file.ts';
import type { LockedPackage } from '../../../src/inputs/lock/lock.ts';

/** A package of a small root: fields of its control file, and its files. */
export interface SmallPackage {
  readonly name: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  /** Path of a link → its target. */
  readonly links?: Readonly<Record<string, string>>;
}

async function buildDeb(host: Host, folder: string, one: SmallPackage): Promise<string> {
  const tree = join(folder, one.name);
  const control = Object.entries({
    ...{ Package: one.name, Version: '1.0-1', Architecture: 'amd64', Maintainer: 'Somebody <a@example.org>' },
    Description: 'for a test',
    ...one.fields,
  });
  const files = { 'DEBIAN/control': control.map((pair) => `${pair.join(': ')}\n`).join(''), ...one.files };
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(tree, path)), { recursive: true });
    await writeFile(join(tree, path), content);
  }
  for (const [path, to] of Object.entries(one.links ?? {})) {
    await mkdir(dirname(join(tree, path)), { recursive: true });
    await host.run('ln', ['-s', to, join(tree, path)]);
  }
  const deb = join(folder, `${one.name}.deb`);
  await host.run('dpkg-deb', ['--root-owner-group', '--build', tree, deb]);
  return deb;
}

/**
 * Builds packages, installs them into a tree with the real dpkg, and packs the tree.
 * @returns the root, and the packages as a lock has them
 */
export async function smallRoot(
  host: Host,
  folder: string,
  packages: readonly SmallPackage[],
): Promise<{ squashfs: string; locked: LockedPackage[] }> {
  const tree = join(folder, 'root');
  for (const path of ['var/lib/dpkg/info', 'var/lib/dpkg/updates', 'usr/lib'])
    await mkdir(join(tree, path), { recursive: true });
  await writeFile(join(tree, 'var/lib/dpkg/status'), '');
  await writeFile(join(tree, 'usr/lib/os-release'), 'VERSION_ID="12"\nID=debian\n');
  const debs: string[] = [];
  for (const one of packages) debs.push(await buildDeb(host, folder, one));
  await host.run('dpkg', [
    ...[`--root=${tree}`, '--force-not-root', '--force-architecture', '--force-depends'],
    ...['--log=/dev/null', '--install', ...debs],
  ]);
  const squashfs = join(folder, 'root.squashfs');
  await makeSquashfs(host, tree, squashfs, { epoch: 1_795_227_046, level: 3 });
  const locked = packages.map(async ({ name, fields }, index) => ({
    name,
    version: fields?.['Version'] ?? '1.0-1',
    architecture: fields?.['Architecture'] ?? 'amd64',
    size: 1,
    sha256: await sha256File(debs[index] ?? ''),
    source: 'bookworm',
    path: `pool/${name}.deb`,
  }));
  return { squashfs, locked: await Promise.all(locked) };
}
