import { execFileSync } from 'node:child_process';
import { mkdtemp, open, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { builtFiles, requireAsBuilt, unalteredDigests } from '../../../../src/bake/publish/built-digests.ts';
import { filesBelow } from '../../../../src/host/files-below.ts';
import { makeHost } from '../../../../src/host/make-host.ts';
import { sha256File } from '../../../../src/host/sha256-file.ts';
import { writeSums } from '../../../../src/version/write-sums.ts';
import { rejection } from '../../../samples/temporary.ts';
import { makeWholeVersion } from '../../version/whole-version.ts';

const host = makeHost();
let work: string;
let whole: string;
let staged: string;
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'ingot-test-'));
  whole = (await makeWholeVersion(work)).folder;
});
afterAll(() => rm(work, { recursive: true }));
beforeEach(() => {
  staged = join(work, 'staged');
  execFileSync('sh', ['-euc', 'rm -rf "$2"; cp -a "$1" "$2"; rm "$2"/SHA256SUMS', 'sh', whole, staged]);
});

const sealed = async () => ({
  squashfsSha256: await sha256File(join(whole, 'root.squashfs')),
  manifestSha256: await sha256File(join(whole, 'manifest.json')),
});

/** A bake from the time at which its files are made to the time of its signature, with an event in between. */
async function bake(meanwhile: () => Promise<void>, patient = false): Promise<string[]> {
  await rm(join(staged, 'checks.json'));
  const made = await builtFiles({ host, patient }, staged, await sealed());
  await meanwhile();
  execFileSync('cp', [join(whole, 'checks.json'), staged]);
  const known = unalteredDigests(staged, made);
  const { digests } = await writeSums(staged, known);
  requireAsBuilt(staged, digests, made);
  return [...known.keys()];
}

describe('a bake publishes', () => {
  test('the files that it made, with their records', () => bake(() => Promise.resolve()));

  test('what was hashed during the boot test without hashing it again, but not what was altered with its size and time', async () => {
    const names = (await filesBelow(staged)).filter((name) => name !== 'checks.json');
    expect(await bake(() => Promise.resolve(), true)).toEqual(names);
    execFileSync('sh', ['-euc', 'rm -rf "$2"; cp -a "$1" "$2"; rm "$2"/SHA256SUMS', 'sh', whole, staged]);
    const disk = join(staged, 'disk.qcow2');
    const error = await rejection(
      bake(async () => {
        const { atime, mtime } = await stat(disk);
        const file = await open(disk, 'r+');
        await file.write('#', 1);
        await file.close();
        await utimes(disk, atime, mtime);
      }, true),
    );
    expect(error.excerpt).toEqual(['disk.qcow2 was altered after it was made']);
  });

  test('nothing if a file is of another image', async () => {
    await writeFile(join(staged, 'vmlinuz'), 'another kernel');
    expect((await rejection(bake(() => Promise.resolve()))).excerpt).toEqual([
      'vmlinuz is not the one that the manifest names',
    ]);
  });

  test.each([
    'boot.json',
    'slot.cfg',
    'vmlinuz',
    'initrd.img',
    'root.squashfs',
    'root.verity',
    'manifest.json',
    'netboot/boot.ipxe',
    'disk.qcow2',
  ])(
    // prettier-ignore
    'nothing if %s was altered after it was made',
    async (file) => {
      const error = await rejection(bake(() => writeFile(join(staged, file), 'x', { flag: 'a' })));
      expect(error.message).toContain('differs from what was built, so nothing was published or signed');
      expect(error.excerpt).toContain(`${file} was altered after it was made`);
    },
  );

  test('nothing if a file was added', async () => {
    expect((await rejection(bake(() => writeFile(join(staged, 'more'), '')))).excerpt).toEqual([
      'more was added after it was made',
    ]);
  });

  test('nothing if a file was removed', async () => {
    expect((await rejection(bake(() => rm(join(staged, 'vmlinuz'))))).excerpt).toEqual([
      'vmlinuz is missing',
    ]);
  });

  test('nothing if the root is not the one that was sealed', async () => {
    await writeFile(join(staged, 'root.squashfs'), 'x', { flag: 'a' });
    const error = await rejection(bake(() => Promise.resolve()));
    expect(error.excerpt).toEqual(['root.squashfs is not the one that was sealed']);
  });
});
