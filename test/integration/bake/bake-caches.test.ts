import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { finishCaches, openCache } from '../../../src/bake/bake-caches.ts';
import { makeHost } from '../../../src/host/make-host.ts';
import { sampleMaterial, stagesOf } from '../../samples/stages.ts';
import { temporaryFolder } from '../../samples/temporary.ts';

const host = makeHost();
const stages = stagesOf(sampleMaterial);

/** A cache that contains every stage of a bake, and what was printed when it was settled. */
async function baked() {
  const folder = await temporaryFolder();
  const own = join(folder, 'own');
  await writeFile(join(folder, 'file'), 'a file');
  const cache = openCache(host, { own, from: undefined }, () => undefined);
  for (const stage of stages.all)
    void cache.keep(stage, { files: { file: join(folder, 'file') }, meta: null, seconds: 0 });
  await cache.settled();
  const notes: string[] = [];
  const settle = (to: string | undefined, maxBytes = 1024 ** 2) =>
    finishCaches(host, { own, from: undefined, to, maxBytes }, stages, (line) => notes.push(line));
  const found = async (from: string) => {
    const other = openCache(host, { own: join(folder, 'other'), from }, () => undefined);
    const all = await Promise.all(stages.all.map((stage) => other.find(stage)));
    return all.filter((entry) => entry !== undefined).length;
  };
  return { folder, own, notes, settle, found };
}

test('another machine finds every stage of a bake in the cache that the bake filled', async () => {
  const { folder, notes, settle, found } = await baked();
  const to = join(folder, 'shared', 'cache');
  await settle(to);
  expect(await found(to)).toBe(stages.all.length);
  expect(notes).toEqual([expect.stringContaining(`copied to ${to}: shared, packages master`)]);
  await settle(to);
  expect(notes).toHaveLength(1);
});

test('a bake keeps its cache within the size limit', async () => {
  const { own, settle, found } = await baked();
  await settle(undefined, 0);
  expect(await found(own)).toBe(0);
});

test('a cache that cannot be written is reported and does not fail a bake that is published', async () => {
  const { folder, notes, settle } = await baked();
  await settle(join(folder, 'file'));
  expect(notes).toEqual([expect.stringMatching(/^not all stages were copied to .*file: /)]);
});
