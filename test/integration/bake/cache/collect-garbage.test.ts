import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { mkdir, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { collectGarbage } from '../../../../src/bake/cache/collect-garbage.ts';
import { objectsFolder } from '../../../../src/bake/cache/objects.ts';
import { stageNames } from '../../../../src/bake/stages/all-stages.ts';
import { keepSample, sampleCache, sampleStage } from '../../../samples/stage-files.ts';
import { temporaryFolder } from '../../../samples/temporary.ts';

const hour = 3_600_000;

/** A cache of three stages; the first was used last. */
async function threeStages() {
  const folder = await temporaryFolder();
  const where = join(folder, 'cache');
  const { cache } = sampleCache(where);
  const stages = ['one', 'two', 'three'].map(sampleStage);
  for (const [age, stage] of stages.entries()) {
    await keepSample(cache, stage, folder, `${stage.key} ${'x'.repeat(10_000)}`);
    const at = (Date.now() - (age + 1) * hour) / 1000;
    await utimes(join(where, 'stages', 'tree', `${stage.key}.json`), at, at);
  }
  const left = async () =>
    Promise.all(stages.map(async (stage) => (await sampleCache(where).cache.find(stage)) !== undefined));
  const collect = (maxBytes: number, dryRun = false, now = Date.now()) =>
    collectGarbage({ folder: where, stages: stageNames, maxBytes, dryRun, now });
  return { folder, where, cache, stages, left, collect };
}

const objectsIn = (where: string): string[] =>
  readdirSync(objectsFolder(where), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);

test('a cache within its size limit stays unchanged', async () => {
  const { collect, left } = await threeStages();
  expect(await collect(1024 ** 2)).toMatchObject({ entries: 0, objects: 0, freedBytes: 0 });
  expect(await left()).toEqual([true, true, true]);
});

test('stages that were not used for the longest time are removed first, with their objects, until the rest fits', async () => {
  const { where, collect, left } = await threeStages();
  const found = await collect(65_000);
  expect(found).toMatchObject({ entries: 1, objects: 2 });
  expect(found.freedBytes).toBeGreaterThan(20_000);
  expect(found.leftBytes).toBeLessThanOrEqual(65_000);
  expect(await left()).toEqual([true, true, false]);
  expect(objectsIn(where)).toHaveLength(4);
});

test('using a stage keeps it in the cache', async () => {
  const { folder, cache, stages, collect, left } = await threeStages();
  await cache.take(stages[2] ?? sampleStage(), join(folder, 'taken'));
  await collect(65_000);
  expect(await left()).toEqual([true, false, true]);
});

test('an object that another stage also uses stays', async () => {
  const { folder, cache, stages, collect } = await threeStages();
  const twin = sampleStage('twin');
  await keepSample(cache, twin, folder, `${stages[2]?.key ?? ''} ${'x'.repeat(10_000)}`);
  await collect(40_000);
  expect((await cache.take(twin, join(folder, 'taken')))?.key).toBe(twin.key);
});

test('a dry run reports the same and removes nothing', async () => {
  const { collect, left } = await threeStages();
  const said = await collect(0, true);
  expect(await left()).toEqual([true, true, true]);
  expect(await collect(0)).toEqual(said);
  expect(await left()).toEqual([false, false, false]);
});

test('leftovers of a killed bake are removed once no process can still be writing them; new objects that no stage uses stay', async () => {
  const { where, collect } = await threeStages();
  const orphan = join(objectsFolder(where), 'ab', 'ab'.repeat(32));
  const half = join(where, 'stages', 'tree', `${'a'.repeat(64)}.json.123`);
  await mkdir(join(objectsFolder(where), 'ab'), { recursive: true });
  for (const path of [orphan, half]) await writeFile(path, 'left behind');
  await collect(1024 ** 2);
  expect([orphan, half].map((path) => existsSync(path))).toEqual([true, true]);
  await collect(1024 ** 2, false, Date.now() + 2 * hour);
  expect([orphan, half].map((path) => existsSync(path))).toEqual([false, false]);
});

test('files that a bake took from the cache stay with the bake, whatever is removed meanwhile', async () => {
  const { folder, cache, stages, collect } = await threeStages();
  const [stage = sampleStage()] = stages;
  await cache.take(stage, join(folder, 'taken'));
  await collect(0);
  expect(await readFile(join(folder, 'taken', 'first'), 'utf8')).toContain(stage.key);
});

test('a cache that does not exist yet is empty', async () => {
  const folder = join(await temporaryFolder(), 'none');
  expect(
    await collectGarbage({ folder, stages: stageNames, maxBytes: 0, dryRun: false, now: Date.now() }),
  ).toEqual({
    ...{ entries: 0, objects: 0, freedBytes: 0, leftBytes: 0 },
  });
});

test('an entry that another bake is writing stays, whatever the size limit', async () => {
  const { where, collect } = await threeStages();
  const entry = join(where, 'stages', 'tree', `${sampleStage('one').key}.json`);
  await writeFile(`${entry}.4711`, await readFile(entry));
  await collect(0);
  expect(existsSync(entry)).toBe(false);
  expect(existsSync(`${entry}.4711`)).toBe(true);
});

test('only files of the cache are removed: not other files, other folders, or the targets of links', async () => {
  const { folder, where, collect } = await threeStages();
  const digest = 'ab'.repeat(32);
  const elsewhere = join(folder, 'elsewhere');
  const precious = [
    join(where, 'thesis.txt'),
    join(where, 'objects', 'thesis.txt'),
    join(where, 'objects', 'ab', 'thesis.txt'),
    // A digest, but not at the place of its object.
    join(where, 'objects', 'cd', digest),
    join(where, 'objects', 'deep', 'er', digest),
    join(where, 'stages', 'tree', 'thesis.json'),
    join(where, 'stages', 'other', `${digest}.json`),
    join(elsewhere, digest),
    join(elsewhere, `${digest}.json`),
  ];
  for (const path of precious) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, 'mine');
  }
  await rm(join(where, 'objects', 'ab', digest), { force: true });
  await symlink(elsewhere, join(where, 'objects', 'ee'));
  await symlink(join(elsewhere, digest), join(where, 'objects', 'ab', digest));
  await symlink(elsewhere, join(where, 'stages', 'changes'));
  await collect(0, false, Date.now() + 2 * hour);
  for (const path of precious) expect(existsSync(path), path).toBe(true);
  expect(lstatSync(join(where, 'objects', 'ab', digest)).isSymbolicLink()).toBe(true);
});

test('a cache whose folder of objects is a link is not touched', async () => {
  const { folder, where, collect } = await threeStages();
  await rename(objectsFolder(where), join(folder, 'elsewhere'));
  await symlink(join(folder, 'elsewhere'), objectsFolder(where));
  const before = readdirSync(join(folder, 'elsewhere'), { recursive: true });
  await collect(0, false, Date.now() + 2 * hour);
  expect(readdirSync(join(folder, 'elsewhere'), { recursive: true })).toEqual(before);
});
