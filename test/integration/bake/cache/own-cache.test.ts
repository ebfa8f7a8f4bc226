import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { claimCache, requireCache } from '../../../../src/bake/cache/own-cache.ts';
import { keepSample, sampleCache, sampleStage } from '../../../samples/stage-files.ts';
import { temporaryFolder } from '../../../samples/temporary.ts';

test('a folder that is new or empty becomes a cache with a mark, which backups know as that of a cache', async () => {
  const folder = await temporaryFolder();
  for (const cache of [folder, join(folder, 'new', 'cache')]) {
    await requireCache(cache);
    await claimCache(cache);
    expect(await readdir(cache)).toContain('CACHEDIR.TAG');
    if (cache === folder) await writeFile(join(cache, 'a file of a person'), '');
    await claimCache(cache);
    await requireCache(cache);
  }
});

test('a cache of before there was a mark is known by what it holds, and gets one', async () => {
  const folder = await temporaryFolder();
  const where = join(folder, 'cache');
  await keepSample(sampleCache(where).cache, sampleStage(), folder);
  await writeFile(join(where, 'apt-sources-0123abcd.json'), '{}');
  await claimCache(where);
  expect((await readdir(where)).sort()).toEqual([
    'CACHEDIR.TAG',
    'apt-sources-0123abcd.json',
    'objects',
    'stages',
  ]);
});

test.each([
  ['a home folder', ['thesis.txt']],
  [
    'a folder that has objects too, as a bare git repository has',
    ['objects', 'HEAD', 'refs', 'hooks', 'config'],
  ],
  ["another program's cache", ['CACHEDIR.TAG', 'debug']],
])(
  '%s that is named by mistake is refused with what it holds, and nothing is put into it',
  async (_, names) => {
    const folder = await temporaryFolder();
    for (const name of names)
      await writeFile(join(folder, name), 'Signature: 8a477f597d28d172789f06886806bc55');
    const refusal = {
      code: 'unusable-folder',
      message: expect.stringContaining('is not a cache of ingot, and not empty: it holds') as string,
    };
    await expect(requireCache(folder)).rejects.toMatchObject(refusal);
    await expect(claimCache(folder)).rejects.toMatchObject(refusal);
    expect((await readdir(folder)).sort()).toEqual([...names].sort());
  },
);

test('a file in the place of a cache is said to be none', async () => {
  const file = join(await temporaryFolder(), 'file');
  await writeFile(file, '');
  await expect(requireCache(file)).rejects.toMatchObject({
    code: 'unusable-folder',
    message: expect.stringContaining(`${file} cannot be a cache: `) as string,
  });
});

test('several bakes may claim one cache at once', async () => {
  const folder = join(await temporaryFolder(), 'cache');
  await mkdir(folder);
  await Promise.all(Array.from({ length: 8 }, () => claimCache(folder)));
  expect(await readdir(folder)).toEqual(['CACHEDIR.TAG']);
});
