import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, readlink, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { type Header, pack } from 'tar-stream';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeHost } from '../../../../src/host/make-host.ts';
import { largestTar, uncompressed } from '../../../../src/inputs/fetched-layers/decompress.ts';
import { pooledLayer } from '../../../../src/inputs/fetched-layers/layer-pool.ts';
import { exportLock, importLock } from '../../../../src/inputs/lock-archive.ts';
import { addToPool } from '../../../../src/inputs/pool/pool.ts';
import { rejection } from '../../../samples/temporary.ts';
import { serve } from '../lock/toy-source.ts';
import { LayerBench } from './layer-bench.ts';

type Entry = Partial<Header> & { readonly name: string; readonly content?: string };

async function tarOf(entries: readonly Entry[]): Promise<Buffer> {
  const archive = pack();
  for (const { content = '', ...header } of entries) archive.entry(header, content);
  archive.finalize();
  return await buffer(archive);
}

/** Writes an archive next to the spec, and returns the layer that names it. */
async function archived(bench: LayerBench, bytes: Buffer, more = ''): Promise<string> {
  await writeFile(join(bench.folder, 'site.tar.gz'), bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return `  - { archive: site.tar.gz, sha256: ${sha256}, name: site${more} }`;
}

const motd = { name: 'rootfs/etc/motd', content: 'hello\n' };

describe('a layer from an archive', () => {
  test.each(['gzip', 'xz', 'zstd', 'none'])('can be compressed with %s', async (program) => {
    const bench = await LayerBench.open();
    const tar = join(bench.folder, 'x.tar');
    const link: Entry = { name: 'rootfs/etc/alias', type: 'symlink', linkname: '/usr/bin/true' };
    await writeFile(tar, await tarOf([{ name: './rootfs/', type: 'directory' }, motd, link]));
    const options =
      program === 'zstd' ? ['-q', '-f', '-o', `${tar}.out`, tar] : ['-f', '-k', '-S', '.out', tar];
    if (program !== 'none') await makeHost().run(program, options);
    const bytes = await readFile(program === 'none' ? tar : `${tar}.out`);
    const [layer] = await bench.fetch(await archived(bench, bytes));
    expect(layer).toMatchObject({ name: 'site', files: 2, size: 6 });
    const folder = pooledLayer(bench.pool, layer?.tree ?? '');
    expect(await readlink(join(folder, 'rootfs/etc/alias'))).toBe('/usr/bin/true');
  });

  test('has the same digest as the same files from git', async () => {
    const bench = await LayerBench.open();
    await bench.commit({ 'rootfs/etc/motd': 'hello\n', 'rootfs/opt/tool*': 'x' });
    const entries = [
      { name: 'top/rootfs/opt/tool', content: 'x', mode: 0o700 },
      { ...motd, name: 'top/rootfs/etc/motd' },
    ];
    const layer = await archived(bench, gzipSync(await tarOf(entries)), ', folder: top');
    const [one, other] = await bench.fetch(`  - { git: ./site, ref: main, name: other }\n${layer}`);
    expect(other?.tree).toBe(one?.tree);
  });

  test('can come from a web server; other bytes are refused', async () => {
    const bench = await LayerBench.open();
    const server = await serve(bench.folder);
    onTestFinished(() => server.close());
    const local = await archived(bench, gzipSync(await tarOf([motd])));
    const url = local.replace('site.tar.gz', `'${server.url}/site.tar.gz'`);
    const [layer] = await bench.fetch(url);
    expect(layer?.files).toBe(1);
    await writeFile(join(bench.folder, 'site.tar.gz'), 'other');
    for (const one of [url, local]) {
      const error = await rejection(bench.fetch(one));
      expect(error.code).toBe('wrong-layer');
      expect(error.message).toMatch(/7:5: the layer site: .*SHA-256/);
    }
  });

  test('in which everything is below one folder is refused with the key that is missing', async () => {
    const bench = await LayerBench.open();
    const bytes = gzipSync(await tarOf([{ ...motd, name: 'site-1.4/rootfs/etc/motd' }]));
    const error = await rejection(bench.fetch(await archived(bench, bytes)));
    expect(error.message).toContain('everything in it is in the folder site-1.4');
    expect(error.message).toContain('right: folder: site-1.4');
  });

  test.each<[string, readonly Entry[], string]>([
    ['a path out of it', [{ name: 'rootfs/../../../out' }], 'leads out of it'],
    ['an absolute path', [{ name: '/tmp/out' }], 'leads out of it'],
    [
      'a file below a link of its own',
      [{ name: 'rootfs/opt', type: 'symlink', linkname: '/tmp' }, { name: 'rootfs/opt/out' }],
      'rootfs/opt is below a link',
    ],
    [
      'a link that is replaced by a file',
      [{ name: 'rootfs/x', type: 'symlink', linkname: '/tmp/out' }, { name: 'rootfs/x' }],
      'rootfs/x is in it twice',
    ],
    [
      'a link out of rootfs/',
      [{ name: 'rootfs/x', type: 'symlink', linkname: '../../../out' }],
      'leads out of rootfs/',
    ],
    [
      'a link in place of rootfs/',
      [{ name: 'rootfs', type: 'symlink', linkname: '/etc' }],
      'outside of rootfs/',
    ],
    [
      'a link in place of image.yaml',
      [{ name: 'image.yaml', type: 'symlink', linkname: 'x' }],
      'outside of rootfs/',
    ],
    [
      'a link where ingot reads',
      [{ name: 'rootfs/usr/lib/sysusers.d', type: 'symlink', linkname: '/etc' }],
      'reads files on the build host',
    ],
    ['a hard link', [{ name: 'rootfs/x', type: 'link', linkname: '/etc/shadow' }], 'is a hard link'],
    [
      'a device',
      [{ name: 'rootfs/x', type: 'block-device', devmajor: 8 }],
      'a device or another special file',
    ],
    ['a set-user-id file', [{ name: 'rootfs/x', mode: 0o4755 }], 'has set-user-id'],
    [
      'a sparse file',
      [{ name: 'rootfs/x', pax: { 'GNU.sparse.major': '1' } }],
      'a device or another special file',
    ],
    ['a name with a line break', [{ name: 'rootfs/a\nb' }], 'is not one that a layer may have'],
    ['a path twice', [motd, motd], 'rootfs/etc/motd is in it twice'],
  ])('with %s is refused, and leaves nothing', async (_, entries, why) => {
    const bench = await LayerBench.open();
    const error = await rejection(bench.fetch(await archived(bench, gzipSync(await tarOf(entries)))));
    expect(error.code).toBe('wrong-layer');
    expect(error.message).toContain(why);
    expect(existsSync(join(bench.pool, 'layers'))).toBe(false);
    expect(await readdir(join(bench.pool, 'partial'))).toEqual([]);
    expect(existsSync('/tmp/out')).toBe(false);
  });

  test('that is not an archive, or ends too early, is refused', async () => {
    const bench = await LayerBench.open();
    const whole = gzipSync(await tarOf([{ ...motd, content: 'x'.repeat(100_000) }]));
    for (const [bytes, why] of [
      [Buffer.from('PK\u0003\u0004'), 'it is not a tar.gz, tar.xz, tar.zst or tar'],
      [whole.subarray(0, whole.length - 20), 'gzip cannot decompress it'],
      [gzipSync(Buffer.from('text')), 'it is not a tar archive, or is damaged'],
    ] as const) {
      const error = await rejection(bench.fetch(await archived(bench, bytes)));
      expect(error.message).toContain(why);
    }
  });
});

test.each(['gzip', 'xz', 'zstd'])(
  'an archive that %s makes much larger stops at the bounds',
  async (program) => {
    const bench = await LayerBench.open();
    const [file, to] = [join(bench.folder, 'bomb'), join(bench.folder, 'to')];
    const host = makeHost();
    await host.run('sh', ['-c', `head -c 9000000 /dev/zero | ${program} -c >"$1"`, 'sh', file]);
    const limits = { bytes: 2 ** 20, entries: 10 };
    const work = uncompressed(host, { file, to, limits }, new AbortController().signal);
    await expect(work).rejects.toThrow('it is larger than 1 MiB when it is unpacked');
    expect((await stat(to)).size).toBeLessThanOrEqual(largestTar(limits));
  },
);

describe('an exported lock', () => {
  test('has the layers, also their links; an import compares them, and takes nothing if one was changed', async () => {
    const bench = await LayerBench.open();
    const link: Entry = { name: 'rootfs/etc/alias', type: 'symlink', linkname: '/nowhere/at/all' };
    const layers = await archived(bench, gzipSync(await tarOf([motd, link])));
    const locked = await bench.fetch(layers);
    const bytes = Buffer.from('a package');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    await writeFile(join(bench.folder, 'a.deb'), bytes);
    await addToPool(
      bench.pool,
      join(bench.folder, 'a.deb'),
      { sha256, size: bytes.length, label: 'a' },
      'copy',
    );
    const made = await bench.lock(layers, locked);
    const [a] = made.packages.shared;
    const lock = {
      ...made,
      packages: { ...made.packages, shared: a ? [{ ...a, sha256, size: bytes.length }] : [] },
    };
    const [one, two] = [join(bench.folder, 'one.tar'), join(bench.folder, 'two.tar')];
    await exportLock(bench.host, lock, bench.pool, one);
    await exportLock(bench.host, lock, bench.pool, two);
    expect((await readFile(one)).equals(await readFile(two))).toBe(true);
    const there = join(bench.folder, 'there');
    expect(await importLock(bench.host, one, there)).toEqual(lock);
    const folder = pooledLayer(there, locked[0]?.tree ?? '');
    expect(await readlink(join(folder, 'rootfs/etc/alias'))).toBe('/nowhere/at/all');

    const changed = (await readFile(one)).toString('latin1').replace('hello\n', 'hullo\n');
    await writeFile(two, changed, 'latin1');
    const nowhere = join(bench.folder, 'nowhere');
    const error = await rejection(importLock(bench.host, two, nowhere));
    expect(error.code).toBe('wrong-archive');
    expect(error.excerpt).toEqual(['the layer site has other files than the lock says']);
    expect(existsSync(join(nowhere, 'layers'))).toBe(false);
  });
});
