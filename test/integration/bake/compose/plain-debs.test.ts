import { copyFile, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { decompressDebs, writePlainDeb } from '../../../../src/bake/compose/plain-debs.ts';
import { filesBelow } from '../../../../src/host/files-below.ts';
import { makeHost } from '../../../../src/host/make-host.ts';
import { pooledPath } from '../../../../src/inputs/pool/pool.ts';
import { pooledDeb } from '../../../samples/small-deb.ts';
import { rejection, temporaryFolder } from '../../../samples/temporary.ts';

const host = makeHost();
const { signal } = new AbortController();

/** The digests of both tars of a .deb, as the real dpkg-deb reads them. */
async function contentOf(deb: string): Promise<string> {
  const script = 'for part in ctrl fsys; do dpkg-deb --$part-tarfile "$0" | sha256sum; done';
  return (await host.run('sh', ['-euc', script, deb])).stdout;
}

test.each(['xz', 'zstd', 'gzip', 'none'])(
  'a .deb compressed with %s has the same content afterwards, and neither part is compressed',
  async (how) => {
    const folder = await temporaryFolder();
    await pooledDeb(folder, join(folder, 'pool'), {
      name: 'vendor',
      control: { postinst: '#!/bin/sh\nexit 0\n' },
      fill: 'mkdir -p usr/bin; seq 30000 >usr/bin/a; ln usr/bin/a usr/bin/b; ln -s a usr/bin/c; chmod 4755 usr/bin/a',
    });
    const [from, to] = [join(folder, 'from.deb'), join(folder, 'to.deb')];
    await host.run('dpkg-deb', ['--build', `-Z${how}`, join(folder, 'root-of-vendor'), from]);
    await writePlainDeb(host, { from, to }, signal);
    expect(await contentOf(to)).toBe(await contentOf(from));
    expect((await stat(to)).size).toBeGreaterThan(168_894);
    const text = (await readFile(to)).toString('latin1');
    expect([text.includes('data.tar        0'), text.includes('./usr/bin/a')]).toEqual([true, true]);
    expect((await host.run('dpkg-deb', ['--field', to, 'Package'])).stdout).toBe('vendor\n');
  },
);

test('a file that is not a .deb is an error', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'from.deb'), 'a page of a portal');
  const error = await rejection(
    writePlainDeb(host, { from: join(folder, 'from.deb'), to: join(folder, 'to.deb') }, signal),
  );
  expect(error.code).toBe('command-failed');
});

test('packages of the lock are decompressed; one with other bytes and one that is missing are left out', async () => {
  const folder = await temporaryFolder();
  const pool = join(folder, 'pool');
  const debs = [];
  for (const name of ['good', 'altered', 'missing']) {
    const deb = await pooledDeb(folder, pool, { name, fill: `echo ${name} >file` });
    debs.push({ ...deb, label: name });
  }
  const [good, altered, missing] = debs.map(({ sha256 }) => sha256);
  // A .deb of its own, which only the digest gives away.
  await copyFile(pooledPath(pool, good ?? ''), pooledPath(pool, altered ?? ''));
  await host.run('rm', [pooledPath(pool, missing ?? '')]);
  const plain = join(folder, 'plain');
  const enough = new AbortController();
  const request = { pool, debs, folder: plain, processors: 2, signal, enough: enough.signal };
  await decompressDebs(host, request);
  const found = pooledPath(plain, good ?? '');
  expect(await filesBelow(plain)).toEqual([found.slice(plain.length + 1)]);
  enough.abort();
  await host.run('rm', ['-r', plain]);
  await decompressDebs(host, request);
  expect(await stat(plain).catch(() => 'none')).toBe('none');
});

test('a file that cannot be written leaves no part of itself', async () => {
  const folder = await temporaryFolder();
  const pool = join(folder, 'pool');
  const deb = await pooledDeb(folder, pool, { name: 'vendor', fill: 'seq 200000 >file' });
  const plain = join(folder, 'plain');
  await mkdir(plain);
  await host.run('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', plain]);
  try {
    const debs = [{ ...deb, label: 'vendor' }];
    await decompressDebs(host, { pool, debs, folder: plain, processors: 1, signal, enough: signal });
    expect(await filesBelow(plain)).toEqual([]);
    expect(await stat(dirname(pooledPath(plain, deb.sha256)))).toBeDefined();
  } finally {
    await host.run('umount', ['--lazy', plain]);
  }
});
