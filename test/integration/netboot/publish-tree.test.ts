import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { makeNetbootTree } from '../../../src/netboot/netboot-tree.ts';
import { netbootSection } from '../../samples/netboot.ts';
import { storeVersion } from '../../samples/netboot-store.ts';
import { smallSpec } from '../../samples/spec.ts';
import { rejection, temporaryFolder } from '../../samples/temporary.ts';

let folder: string;
let out: string;
let into: string;
const tree = (...path: string[]): string => join(into, 'tree', ...path);
const make = () =>
  makeNetbootTree({ specFile: join(folder, 'cluster.yaml'), out, into, signingKey: undefined });
const versionsOf = (role: string) => readdir(tree('images', role));

async function bakeAnother(version: string): Promise<void> {
  await rm(join(out, 'slave', 'latest'));
  await storeVersion(out, 'slave', version);
}

beforeEach(async () => {
  folder = await temporaryFolder();
  [out, into] = [join(folder, 'out'), join(folder, 'netboot')];
  await writeFile(join(folder, 'cluster.yaml'), `${smallSpec}${netbootSection}`);
  await storeVersion(out, 'master', '20261122-aaaaaaaaaaaa');
  await storeVersion(out, 'slave', '20261122-bbbbbbbbbbbb');
});

describe('the folder that machines boot from', () => {
  test("contains the versions under their names, as links to the store's files, and nothing unfinished", async () => {
    await make();
    for (const name of ['vmlinuz', 'initrd.img', 'root.squashfs', 'root.verity']) {
      const stored = await stat(join(out, 'slave', 'latest', name));
      expect((await stat(tree('images', 'slave', '20261122-bbbbbbbbbbbb', name))).ino).toBe(stored.ino);
    }
    expect(await readdir(into)).toEqual(['dnsmasq.conf', 'netboot.json', 'nginx.conf', 'tree']);
    const all = await readdir(into, { recursive: true });
    expect(all.filter((path) => /(^|\/)\./.test(path))).toEqual([]);
    expect(await readFile(tree('roles', 'slave.ipxe'), 'utf8')).toContain(
      '/images/slave/20261122-bbbbbbbbbbbb\n',
    );
    expect(await readFile(tree('loader', 'undionly.kpxe'))).toEqual(
      await readFile('/usr/lib/ipxe/undionly.kpxe'),
    );
  });

  test('contains the seed of the cluster under its digest, with everything that cloud-init requests', async () => {
    await make();
    const [seed = ''] = await readdir(tree('seed'));
    expect(seed).toMatch(/^[0-9a-f]{16}$/);
    expect(await readdir(tree('seed', seed))).toEqual(['meta-data', 'user-data', 'vendor-data']);
    expect(await readFile(tree('roles', 'master.ipxe'), 'utf8')).toContain(`/seed/${seed}\n`);
  });

  test('has the same bytes when it is made again, and unchanged files are not touched', async () => {
    await make();
    const before = await stat(tree('boot.ipxe'));
    const texts = await Promise.all(
      ['dnsmasq.conf', 'nginx.conf'].map((name) => readFile(join(into, name), 'utf8')),
    );
    await make();
    expect((await stat(tree('boot.ipxe'))).ino).toBe(before.ino);
    expect(
      await Promise.all(['dnsmasq.conf', 'nginx.conf'].map((name) => readFile(join(into, name), 'utf8'))),
    ).toEqual(texts);
  });

  test('keeps the previous version, for machines that are still fetching it, and no older one', async () => {
    await make();
    await bakeAnother('20261123-cccccccccccc');
    await make();
    await make();
    expect(await versionsOf('slave')).toEqual(['20261122-bbbbbbbbbbbb', '20261123-cccccccccccc']);
    await bakeAnother('20261124-dddddddddddd');
    await make();
    expect(await versionsOf('slave')).toEqual(['20261123-cccccccccccc', '20261124-dddddddddddd']);
    expect(await versionsOf('master')).toEqual(['20261122-aaaaaaaaaaaa']);
  });

  test('is repaired if a file in it was altered or is missing', async () => {
    await make();
    const [root, kernel] = ['root.squashfs', 'vmlinuz'].map((name) =>
      tree('images', 'slave', '20261122-bbbbbbbbbbbb', name),
    ) as [string, string];
    const right = await readFile(root);
    await rm(root);
    await writeFile(
      root,
      right.map((byte) => byte ^ 1),
    );
    await rm(kernel);
    await make();
    expect(await readFile(root)).toEqual(right);
    expect((await stat(kernel)).size).toBeGreaterThan(0);
  });

  test('is not created in a folder that belongs to somebody else', async () => {
    await mkdir(into);
    await writeFile(join(into, 'letter.txt'), 'mine');
    const error = await rejection(make());
    expect(error.message).toBe(`${into} holds files that ingot did not write; nothing was changed`);
    expect(await readdir(into)).toEqual(['letter.txt']);
  });

  test('of a store without such an image is refused, with the remedy; nothing is created', async () => {
    await rm(join(out, 'slave', 'latest', 'netboot'), { recursive: true });
    const error = await rejection(make());
    expect(error.message).toMatch(
      /^the slave \S+ of .* cannot be booted over the network: it has no netboot\//,
    );
    expect(error.hint).toContain('put netboot among the targets');
    await rm(join(out, 'slave', 'latest'));
    const missing = await rejection(make());
    expect(missing.message).toBe(`there is no slave image in ${out}`);
    expect(missing.hint).toContain('put netboot among the targets');
    await expect(stat(into)).rejects.toThrow('ENOENT');
  });

  test('that cannot be written is left without an incomplete version', async () => {
    await make();
    await bakeAnother('20261123-cccccccccccc');
    await rm(join(out, 'slave', 'latest', 'netboot', 'root.verity'));
    await expect(make()).rejects.toThrow('root.verity');
    expect(await versionsOf('slave')).toEqual(['20261122-bbbbbbbbbbbb']);
    expect(await readFile(tree('roles', 'slave.ipxe'), 'utf8')).toContain('20261122-bbbbbbbbbbbb');
  });
});
