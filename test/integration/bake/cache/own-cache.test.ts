import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { claimCache, requireCache } from '../../../../src/bake/cache/own-cache.ts';
import { keepSample, sampleCache, sampleStage } from '../../../samples/stage-files.ts';
import { temporaryFolder } from '../../../samples/temporary.ts';

test('a new or empty folder becomes a cache with a mark, which backup programs recognise', async () => {
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

test('a cache from before the mark existed is recognised by its contents, and is marked', async () => {
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
    'a folder that also has objects, such as a bare git repository',
    ['objects', 'HEAD', 'refs', 'hooks', 'config'],
  ],
  ["another program's cache", ['CACHEDIR.TAG', 'debug']],
])(
  '%s that is named by mistake is refused with its contents, and nothing is written to it',
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

test('a file in place of a cache is reported as not being a cache', async () => {
  const file = join(await temporaryFolder(), 'file');
  await writeFile(file, '');
  await expect(requireCache(file)).rejects.toMatchObject({
    code: 'unusable-folder',
    message: expect.stringContaining(`${file} cannot be a cache: `) as string,
  });
});

test('several bakes may claim one cache at the same time', async () => {
  const folder = join(await temporaryFolder(), 'cache');
  await mkdir(folder);
  await Promise.all(Array.from({ length: 8 }, () => claimCache(folder)));
  expect(await readdir(folder)).toEqual(['CACHEDIR.TAG']);
});
