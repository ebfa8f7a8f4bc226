import { existsSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commandLine } from '../../../src/cli/command-line.ts';
import { keepSample, sampleCache, sampleStage } from '../../samples/stage-files.ts';
import { rejection, temporaryFolder } from '../../samples/temporary.ts';
import { fakeWorld } from '../../samples/world.ts';

async function ingot(cwd: string, env: Record<string, string>, ...args: string[]) {
  const { world, out, err } = fakeWorld({ cwd, env });
  return { exitCode: await commandLine(world, args), out: out(), err: err() };
}

test('ingot gc reports what it freed and what is left; a dry run what it would free', async () => {
  const folder = await temporaryFolder();
  const own = join(folder, 'cache');
  await keepSample(sampleCache(own).cache, sampleStage(), folder);
  const env = { INGOT_CACHE: own };
  const dry = await ingot(folder, env, 'gc', '--max-size', '0', '--dry-run');
  expect(dry).toEqual({
    exitCode: 0,
    out: `${own}: 1 stages and 2 files, 0 MiB would be freed; 0 MiB remain\n`,
    err: '',
  });
  expect(await sampleCache(own).cache.find(sampleStage())).toBeDefined();
  const real = await ingot(folder, env, 'gc', '--max-size', '0');
  expect(real.out).toBe(`${own}: 1 stages and 2 files, 0 MiB freed; 0 MiB remain\n`);
  expect(await sampleCache(own).cache.find(sampleStage())).toBeUndefined();
});

test('ingot gc does not touch the store without --keep-versions', async () => {
  const folder = await temporaryFolder();
  const versions = ['a', 'b'].map((letter) => `20261122-${letter.repeat(12)}`);
  for (const version of versions) {
    await mkdir(join(folder, 'out', 'slave', version), { recursive: true });
    await writeFile(join(folder, 'out', 'slave', version, 'disk.qcow2'), 'disk');
    const record = { format: 1, files: [{ name: 'disk.qcow2', size: 4 }], stages: {} };
    await writeFile(join(folder, 'out', 'slave', `${version}.stages.json`), JSON.stringify(record));
  }
  await symlink(versions[0] ?? '', join(folder, 'out', 'slave', 'latest'));
  const there = () => versions.map((version) => existsSync(join(folder, 'out', 'slave', version)));
  await ingot(folder, {}, 'gc', '--cache', 'cache');
  expect(there()).toEqual([true, true]);
  const { out } = await ingot(folder, {}, 'gc', '--cache', 'cache', '--keep-versions', '1');
  expect(out).toContain(`${join(folder, 'out', 'slave', versions[1] ?? '')}: 0 MiB freed\n`);
  expect(there()).toEqual([true, false]);
});

test('ingot gc lists what it does not touch in the store', async () => {
  const folder = await temporaryFolder();
  const mine = join(folder, 'out', 'slave', `20261122-${'a'.repeat(12)}`);
  const notes = join(folder, 'out', 'runs', 'notes');
  for (const path of [mine, notes]) await mkdir(path, { recursive: true });
  await symlink('../elsewhere', join(folder, 'out', 'slave', 'latest'));
  for (const dryRun of [['--dry-run'], []]) {
    const { err } = await ingot(folder, {}, 'gc', '--cache', 'cache', '--keep-versions', '1', ...dryRun);
    expect(err.split('\n')).toEqual([
      `${join(folder, 'out', 'slave', 'latest')} leads to ../elsewhere, which is not a version in ${join(folder, 'out', 'slave')}: it is not used`,
      `${mine} is left alone: no bake recorded it`,
      `${notes} is left alone: its name is not that of a run`,
      '',
    ]);
    expect([mine, notes].map((path) => existsSync(path))).toEqual([true, true]);
  }
});

test.each([
  ['gc', '--cache', 'home'],
  ['bake', 'cluster.yaml', '--cache', 'home'],
  ['bake', 'cluster.yaml', '--cache-to', 'home'],
  ['bake', 'cluster.yaml', '--explain', '--cache', 'home'],
])('ingot %s refuses a cache folder that contains files of a person: %s %s', async (...args) => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'home'));
  await writeFile(join(folder, 'home', 'thesis.txt'), 'mine');
  const error = await rejection(ingot(folder, { INGOT_CACHE: join(folder, 'cache') }, ...args));
  expect(error).toMatchObject({
    code: 'unusable-folder',
    message: `${join(folder, 'home')} is not a cache of ingot, and not empty: it holds thesis.txt`,
  });
});

test.each([
  ['gc', '--max-size', 'much'],
  ['gc', '--keep-versions', '0'],
  ['bake', 'cluster.yaml', '--no-cache', '--cache-to', 'other'],
])('ingot %s %s %s is refused before anything is done', async (...args) => {
  const error = await rejection(ingot(await temporaryFolder(), {}, ...args));
  expect(error.exitCode).toBe(2);
});
