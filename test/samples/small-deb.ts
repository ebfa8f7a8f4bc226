import { createHash } from 'node:crypto';
import { chmod, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeHost } from '../../src/host/make-host.ts';
import type { LockedPackage } from '../../src/inputs/lock/lock.ts';
import { pooledPath } from '../../src/inputs/pool/pool.ts';
import { lockedPackage } from './lock.ts';

/** A .deb, as far as a test defines its content. */
export interface SmallDeb {
  readonly name: string;
  readonly depends?: string;
  readonly preDepends?: string;
  /** Files of DEBIAN/; scripts are executable. */
  readonly control?: Readonly<Record<string, string>>;
  /** Shell script that runs in the package's root before it is packed. */
  readonly fill?: string;
}

/** Builds a .deb and puts it into a pool. */
export async function pooledDeb(
  folder: string,
  pool: string,
  { name, depends, preDepends, control = {}, fill = ':' }: SmallDeb,
): Promise<LockedPackage> {
  const root = join(folder, `root-of-${name}`);
  const deb = join(folder, `${name}.deb`);
  await mkdir(join(root, 'DEBIAN'), { recursive: true });
  const text = `Package: ${name}\nVersion: 1.0\nArchitecture: all\n${depends === undefined ? '' : `Depends: ${depends}\n`}${preDepends === undefined ? '' : `Pre-Depends: ${preDepends}\n`}Maintainer: Test <test@example.org>\nDescription: test package\n`;
  await writeFile(join(root, 'DEBIAN/control'), text);
  for (const [file, content] of Object.entries(control)) {
    await writeFile(join(root, 'DEBIAN', file), content);
    if (content.startsWith('#!')) await chmod(join(root, 'DEBIAN', file), 0o755);
  }
  await makeHost().run('sh', ['-euc', fill], { cwd: root });
  await makeHost().run('dpkg-deb', ['--root-owner-group', '--build', '-Zgzip', root, deb]);
  const bytes = await readFile(deb);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const file = pooledPath(pool, sha256);
  await mkdir(dirname(file), { recursive: true });
  await copyFile(deb, file);
  return lockedPackage(name, { version: '1.0', architecture: 'all', sha256, size: bytes.length });
}

/** A vendor's package that requires its licence to be accepted. */
export const wantsAnswer: SmallDeb = {
  name: 'vendor-debconf',
  depends: 'debconf',
  control: {
    templates:
      'Template: vendor-debconf/licence\nType: boolean\nDefault: false\nDescription: Accept the licence?\n You have to.\n',
    config:
      '#!/bin/sh\nset -e\n. /usr/share/debconf/confmodule\ndb_input critical vendor-debconf/licence || true\ndb_go || true\n',
    postinst:
      '#!/bin/sh\nset -e\n. /usr/share/debconf/confmodule\ndb_get vendor-debconf/licence\n[ "$RET" = true ] || { echo "licence not accepted" >&2; exit 1; }\n',
  },
};
