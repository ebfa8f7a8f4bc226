import { readdirSync } from 'node:fs';
import { mkdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderStore, readOnlyStore } from '../../../../src/bake/cache/folder-store.ts';
import { objectPath } from '../../../../src/bake/cache/objects.ts';
import { shareStages } from '../../../../src/bake/cache/share-stages.ts';
import { StageCache } from '../../../../src/bake/cache/stage-cache.ts';
import { IngotError } from '../../../../src/host/ingot-error.ts';
import { keepSample, sampleCache, sampleStage } from '../../../samples/stage-files.ts';
import { temporaryFolder } from '../../../samples/temporary.ts';

const now = () => Date.now();
const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);

test('a stage that a bake made is available to the next bake, with its files and its data', async () => {
  const folder = await temporaryFolder();
  const stage = sampleStage();
  await keepSample(sampleCache(join(folder, 'cache')).cache, stage, folder);

  const later = sampleCache(join(folder, 'cache')).cache;
  const entry = await later.take(stage, join(folder, 'taken'));
  expect(entry?.meta).toEqual({ found: 'content' });
  expect(entry?.seconds).toBe(1.5);
  expect(await readFile(join(folder, 'taken', 'first'), 'utf8')).toBe('first content\n');
  expect(await readFile(join(folder, 'taken', 'second'), 'utf8')).toBe('second content\n');
  expect(await later.take(sampleStage('other'), join(folder, 'none'))).toBeUndefined();
});

test('files are shared with the cache where possible, and copied where their user may write to them', async () => {
  const folder = await temporaryFolder();
  const { cache } = sampleCache(join(folder, 'cache'));
  const stage = sampleStage();
  const made = await keepSample(cache, stage, folder);
  const inode = async (path: string) => (await stat(path)).ino;
  await cache.take(stage, join(folder, 'linked'));
  await cache.take(stage, join(folder, 'copied'), 'copy');
  expect(await inode(join(folder, 'linked', 'first'))).toBe(await inode(made['first'] ?? ''));
  expect(await inode(join(folder, 'copied', 'first'))).not.toBe(await inode(made['first'] ?? ''));
  await writeFile(join(folder, 'copied', 'first'), 'written to');
  expect((await cache.take(stage, join(folder, 'again')))?.key).toBe(stage.key);
});

test('an object that was changed is reported and not used, and its stage runs again', async () => {
  const folder = await temporaryFolder();
  const { cache, notes } = sampleCache(join(folder, 'cache'));
  const stage = sampleStage();
  await keepSample(cache, stage, folder);
  const { files = [] } = (await cache.find(stage)) ?? {};
  const object = objectPath(join(folder, 'cache'), files[1]?.sha256 ?? '');
  await rm(object);
  await writeFile(object, 'second_content\n'); // the same size

  expect(await cache.take(stage, join(folder, 'taken'))).toBeUndefined();
  expect(notes).toEqual([
    `tree master: second in the cache ${join(folder, 'cache')} is damaged or missing: it is not used`,
  ]);
  expect(readdirSync(join(folder, 'taken'))).toEqual([]);
  expect(await cache.find(stage)).toBeUndefined();
  await keepSample(cache, stage, folder);
  expect((await cache.take(stage, join(folder, 'taken')))?.key).toBe(stage.key);
});

test('a stage with a missing or incomplete object is not in the cache', async () => {
  const folder = await temporaryFolder();
  const { cache } = sampleCache(join(folder, 'cache'));
  const stage = sampleStage();
  await keepSample(cache, stage, folder);
  const { files = [] } = (await cache.find(stage)) ?? {};
  const object = objectPath(join(folder, 'cache'), files[0]?.sha256 ?? '');
  await truncate(object, 3);
  expect(await cache.find(stage)).toBeUndefined();
  await rm(object);
  expect(await cache.take(stage, join(folder, 'taken'))).toBeUndefined();
});

test('an entry that is invalid, or names a path of its own, is ignored', async () => {
  const folder = await temporaryFolder();
  const { cache } = sampleCache(join(folder, 'cache'));
  const stage = sampleStage();
  await keepSample(cache, stage, folder);
  const file = join(folder, 'cache', 'stages', 'tree', `${stage.key}.json`);
  const text = await readFile(file, 'utf8');
  for (const wrong of [
    '',
    '{',
    text.replace('"first"', '"../first"'),
    text.replace('"version": 1', '"version": 2'),
  ]) {
    await writeFile(file, wrong);
    expect(await cache.take(stage, join(folder, 'taken'))).toBeUndefined();
  }
});

test('a cache that cannot be written is reported and does not fail a bake', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'cache'), 'a file, no folder');
  const { cache, notes } = sampleCache(join(folder, 'cache'));
  await keepSample(cache, sampleStage(), folder);
  expect(notes).toHaveLength(1);
  expect(notes[0]).toMatch(/^the cache was not written: /);
});

test('without a cache, nothing is found and nothing is kept', async () => {
  const folder = await temporaryFolder();
  const cache = new StageCache({ own: undefined, onNote: () => undefined, now });
  expect(cache.keeps).toBe(false);
  await keepSample(cache, sampleStage(), folder);
  expect(await cache.take(sampleStage(), join(folder, 'taken'))).toBeUndefined();
});

test("stages are taken from another machine's cache, which stays unchanged, and are then in the own cache", async () => {
  const folder = await temporaryFolder();
  const [theirs, mine] = [join(folder, 'theirs'), join(folder, 'mine')];
  const stage = sampleStage();
  await keepSample(sampleCache(theirs).cache, stage, folder);
  const before = filesBelow(theirs);

  const from = { own: folderStore(mine, now), from: readOnlyStore(theirs), onNote: () => undefined, now };
  const cache = new StageCache(from);
  expect((await cache.take(stage, join(folder, 'taken')))?.key).toBe(stage.key);
  await cache.settled();
  expect(filesBelow(theirs)).toEqual(before);
  await rm(theirs, { recursive: true });
  expect((await new StageCache(from).take(stage, join(folder, 'again')))?.key).toBe(stage.key);
});

test('files that are taken from or given to another cache share no bytes with it', async () => {
  const folder = await temporaryFolder();
  const [theirs, mine, others] = [join(folder, 'theirs'), join(folder, 'mine'), join(folder, 'others')];
  const stage = sampleStage();
  await keepSample(sampleCache(theirs).cache, stage, folder);
  const own = folderStore(mine, now);
  const cache = new StageCache({ own, from: readOnlyStore(theirs), onNote: () => undefined, now });
  const { files = [] } = (await cache.take(stage, join(folder, 'taken'), 'link')) ?? {};
  await cache.settled();
  await mkdir(others);
  await shareStages(own, folderStore(others, now), [stage], join(others, 'way'));
  const [file] = files;
  if (file === undefined) throw new Error('a stage of files');
  const inode = async (path: string) => (await stat(path)).ino;
  const ours = await inode(objectPath(mine, file.sha256));
  expect(await inode(objectPath(theirs, file.sha256))).not.toBe(ours);
  expect(await inode(objectPath(others, file.sha256))).not.toBe(ours);
  for (const cacheOfOthers of [theirs, others])
    await writeFile(objectPath(cacheOfOthers, file.sha256), 'they changed it in its place\n');
  expect(await readFile(join(folder, 'taken', file.name), 'utf8')).toBe('first content\n');
  expect(await cache.take(stage, join(folder, 'again'))).toMatchObject({ key: stage.key });
});

test('an entry of another cache that would make a file set-user-ID is ignored', async () => {
  const folder = await temporaryFolder();
  const theirs = join(folder, 'theirs');
  const stage = sampleStage();
  await keepSample(sampleCache(theirs).cache, stage, folder);
  const path = join(theirs, 'stages', 'tree', `${stage.key}.json`);
  await writeFile(path, (await readFile(path, 'utf8')).replaceAll(/"mode": "\d+"/g, '"mode": "4755"'));
  const own = folderStore(join(folder, 'mine'), now);
  const cache = new StageCache({ own, from: readOnlyStore(theirs), onNote: () => undefined, now });
  expect(await cache.take(stage, join(folder, 'taken'))).toBeUndefined();
});

test('a damaged object of another cache is not used, and is not removed there', async () => {
  const folder = await temporaryFolder();
  const theirs = join(folder, 'theirs');
  const stage = sampleStage();
  const kept = sampleCache(theirs).cache;
  await keepSample(kept, stage, folder);
  const { files = [] } = (await kept.find(stage)) ?? {};
  const object = objectPath(theirs, files[0]?.sha256 ?? '');
  await rm(object);
  await writeFile(object, 'First content\n');
  const own = folderStore(join(folder, 'mine'), now);
  const cache = new StageCache({ own, from: readOnlyStore(theirs), onNote: () => undefined, now });
  expect(await cache.take(stage, join(folder, 'taken'))).toBeUndefined();
  expect(await readFile(object, 'utf8')).toBe('First content\n');
});

test('another cache is given what it lacks, but nothing that is damaged', async () => {
  const folder = await temporaryFolder();
  const [mine, theirs] = [join(folder, 'mine'), join(folder, 'theirs')];
  const { cache } = sampleCache(mine);
  const stages = ['one', 'two', 'three'].map(sampleStage);
  for (const [index, stage] of stages.entries()) await keepSample(cache, stage, folder, `content ${index}`);
  const [own, to] = [folderStore(mine, now), folderStore(theirs, now)];
  await mkdir(theirs);
  expect(await shareStages(own, to, stages.slice(0, 1), join(theirs, 'way'))).toHaveLength(1);
  const { files = [] } = (await cache.find(stages[2] ?? sampleStage())) ?? {};
  const object = objectPath(mine, files[0]?.sha256 ?? '');
  await rm(object);
  await writeFile(object, 'first_content 2\n');
  expect(await shareStages(own, to, [...stages, sampleStage('absent')], join(theirs, 'way'))).toEqual([
    'tree master',
  ]);
  const there = sampleCache(theirs).cache;
  expect(await Promise.all(stages.map(async (stage) => (await there.find(stage)) !== undefined))).toEqual([
    ...[true, true, false],
  ]);
  expect(readdirSync(theirs).sort()).toEqual(['objects', 'stages']);
});

test('a stage may write its files to the cache while the bake continues; a failure is reported and fails nothing, an interruption is not reported', async () => {
  const folder = await temporaryFolder();
  const { cache, notes } = sampleCache(join(folder, 'cache'));
  const file = join(folder, 'file');
  const later = sampleStage('later');
  const packed = (async () => {
    await writeFile(file, 'packed');
    return { files: { file }, meta: null, seconds: 1 };
  })();
  void cache.keep(later, packed);
  await cache.settled();
  expect(await cache.find(later)).toMatchObject({ seconds: 1, files: [{ name: 'file', size: 6 }] });
  void cache.keep(sampleStage('full'), Promise.reject(new Error('no space left')));
  const interrupted = new IngotError({ code: 'interrupted', message: 'interrupted' });
  void cache.keep(sampleStage('interrupted'), Promise.reject(interrupted));
  await cache.settled();
  expect(notes).toEqual(['the cache was not written: no space left']);
});
