import {
  appendFileSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { makeSquashfs } from '../../src/bake/seal/squashfs.ts';
import { writeManifest } from '../../src/bake/seal/write-manifest.ts';
import { reproduceShape } from '../../src/cli/shapes/test-shapes.ts';
import { makeHost } from '../../src/host/make-host.ts';
import { bakeOnce, lockFile, specFile as spec, specFiles, storeFolder } from './baked-store.ts';
import { headOf, unpackRoot } from './changed-version.ts';
import { copyOfIngot, reversedPool, startElsewhere } from './elsewhere.ts';
import { type Ended, startIngot } from './ingot-process.ts';

const roles = ['master', 'slave'] as const;
const folder = join(inject('e2eFolder'), 'reproducible');
const version = (role: string): string =>
  join(storeFolder, role, readlinkSync(join(storeFolder, role, 'latest')));
const cloud = ['README.md', 'disk.raw.zst', 'import-snapshot.json', 'register-image.json'];
const netboot = ['boot.ipxe', 'grub.cfg', 'initrd.img', 'root.squashfs', 'root.verity', 'vmlinuz'];
const files = [
  ...[
    'audit.json',
    'boot.json',
    'changes.json',
    ...cloud.map((name) => `cloud/${name}`),
    'disk.qcow2',
    'disk.raw.zst',
  ],
  ...['initrd.img', 'manifest.json', ...netboot.map((name) => `netboot/${name}`)],
  ...['root.squashfs', 'root.verity', 'sbom.cdx.json', 'sbom.spdx.json', 'slot.cfg'],
  ...['vex.openvex.json', 'vmlinuz'],
];

/**
 * Only the wall clock is the same: it belongs to the kernel (a time namespace shifts only the monotonic and the boot
 * clock, time_namespaces(7)), and preloading a library before the C library breaks mmdebstrap. The bakes are minutes
 * apart, so that any time of day in an image would show, and the files of the copy are years older.
 */
describe('a second bake of the same lock', () => {
  let first: Ended;
  beforeAll(async () => {
    first = await bakeOnce();
  });

  it('gives the same bits from another folder, file system, umask, locale, time zone, host name and pool, on one processor, without any network', async () => {
    expect(first.exitCode, first.stderr).toBe(0);
    const copy = copyOfIngot(folder);
    for (const file of specFiles) copyFileSync(file, join(copy, basename(file)));
    const pool = reversedPool(folder, lockFile);
    const memory = join(folder, 'memory');
    mkdirSync(memory, { recursive: true });
    // The store of the second bake is in memory; it is compared with the store of the first.
    const stored = roles
      .map((role) => {
        const name = basename(version(role));
        const folder = `"$1/out/${role}/${name}"`;
        return `mkdir -p ${folder}; mount --bind '${version(role)}' ${folder}; ln -s ${name} "$1/out/${role}/latest"`;
      })
      .join('; ');
    const second = await startElsewhere(copy, memory, stored, [
      ...[
        'verify',
        basename(spec),
        '--reproduce',
        '--json',
        '--offline',
        '--pool',
        pool,
        '--out',
        join(memory, 'out'),
      ],
    ]).ended;
    expect([0, 3], second.stderr).toContain(second.exitCode);
    const { images } = reproduceShape.parse(JSON.parse(second.stdout));
    expect(images.map(({ role }) => role)).toEqual(roles);
    for (const { difference } of images) {
      const differing = difference.files.filter(({ equal }) => !equal).map(({ name }) => name);
      expect(differing, JSON.stringify(difference.root.paths.slice(0, 20), null, 2)).toEqual([]);
      // Every file of an image is compared.
      expect(difference.files.map(({ name }) => name)).toEqual(files);
    }
    expect(second.exitCode).toBe(0);
  });

  it('differs from a version with a planted change: path by path, with the text and the package; exit status 3', async () => {
    expect(first.exitCode, first.stderr).toBe(0);
    const out = join(folder, 'out');
    await storeWithPlanted(out);
    const diff = await startIngot(['diff', 'slave/planted', version('slave'), '--out', out]).ended;
    rmSync(out, { recursive: true });
    expect(diff.exitCode, diff.stderr).toBe(3);
    expect(diff.stdout).toContain('files: 1 changed, 0 added, 1 removed');
    expect(diff.stdout).toMatch(/changed: \/etc\/debian_version\n/);
    expect(diff.stdout).toMatch(/\n +-planted\n/);
    expect(diff.stdout).toMatch(/\n +base-files\n +~ \/etc\/debian_version /);
    expect(diff.stdout).toMatch(/\n +- \/opt\/planted /);
  });
});

/** A store whose latest slave has one additional file and another file with one additional line. */
async function storeWithPlanted(out: string): Promise<void> {
  const host = makeHost();
  const planted = join(out, 'slave', 'planted');
  cpSync(version('slave'), planted, { recursive: true });
  symlinkSync('planted', join(out, 'slave', 'latest'));
  const tree = join(folder, 'planted-tree');
  const squashfs = join(planted, 'root.squashfs');
  await unpackRoot(planted, tree);
  const head = headOf(planted);
  const epoch = Date.parse(head.date) / 1000;
  const [opt, changed] = [join(tree, 'opt'), join(tree, 'etc', 'debian_version')];
  const times = [opt, changed].map((path) => statSync(path).mtime);
  appendFileSync(changed, 'planted\n');
  writeFileSync(join(opt, 'planted'), '');
  utimesSync(join(opt, 'planted'), epoch, epoch);
  for (const [index, path] of [opt, changed].entries())
    utimesSync(path, times[index] ?? epoch, times[index] ?? epoch);
  await makeSquashfs(host, tree, squashfs, { epoch, level: 3 });
  await writeManifest(host, tree, {
    head: { role: 'slave', epoch, compressionLevel: 3, boot: head.boot },
    file: join(planted, 'manifest.json'),
  });
  rmSync(tree, { recursive: true });
}
