import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commandLine } from '../../../src/cli/command-line.ts';
import { checkShape } from '../../../src/cli/shapes/plan-shape.ts';
import { pooledLayer } from '../../../src/inputs/fetched-layers/layer-pool.ts';
import { rejection } from '../../samples/temporary.ts';
import { fakeWorld } from '../../samples/world.ts';
import { LayerBench } from '../inputs/fetched-layers/layer-bench.ts';

const layers = '  - { git: ./site, ref: main }';

async function ingot(bench: LayerBench, ...args: string[]) {
  const { world, out, err } = fakeWorld({ cwd: bench.folder, env: { INGOT_POOL: bench.pool } });
  const status = await commandLine(world, args);
  return { status, out: out(), err: err() };
}

test('ingot check shows from where a layer is, and what it adds, without a network', async () => {
  const bench = await LayerBench.open();
  const commit = await bench.commit({
    'slave/rootfs/etc/motd.d/site': 'x',
    'image.yaml': 'packages: [htop]\n',
  });
  const before = await rejection(ingot(bench, 'check', (await bench.read(layers)).loaded.fileName));
  expect(before.code).toBe('wrong-lock');
  expect(before.excerpt).toEqual(['layers: + site: ./site main']);
  expect(before.hint).toBe(`run: ingot lock ${bench.specFile}`);

  await bench.lock(layers, await bench.fetch(layers));
  const from = `from ./site main (commit ${commit.slice(0, 12)})`;
  const { out } = await ingot(bench, 'check', bench.specFile);
  expect(out).toContain(`your layers       site (every node): 1 package; ${from}\n`);
  expect(out).toContain(`site/slave (slaves): 1 file; ${from}\n`);
  const verbose = await ingot(bench, 'check', bench.specFile, '--verbose');
  expect(verbose.out).toContain(
    `from the layer site/slave (./site main (commit ${commit.slice(0, 12)})), for slaves\n`,
  );
  const json: unknown = JSON.parse((await ingot(bench, 'check', bench.specFile, '--json')).out);
  expect(checkShape.parse(json).fetchedLayers).toMatchObject([
    { name: 'site', git: './site', ref: 'main', commit },
  ]);
});

test('a fault in a file of a fetched layer names the file as people know it', async () => {
  const bench = await LayerBench.open();
  await bench.commit({ 'image.yaml': 'wheels: [htop]\n' });
  await bench.lock(layers, await bench.fetch(layers));
  const error = await rejection(ingot(bench, 'check', bench.specFile));
  expect(error.code).toBe('wrong-layer');
  expect(error.message).toContain('site/image.yaml:1:1');
});

test('ingot lock check says when the spec names another ref than the lock, and ingot bake refuses it', async () => {
  const bench = await LayerBench.open();
  await bench.commit({ 'rootfs/etc/motd.d/site': 'x' });
  await bench.lock(layers, await bench.fetch(layers));
  const { loaded } = await bench.read(layers.replace('main', 'v2'));
  const checked = await ingot(bench, 'lock', 'check', loaded.fileName);
  expect(checked).toMatchObject({
    status: 3,
    out: 'layers: + site: ./site v2\nlayers: - site: ./site main\n',
  });
  for (const args of [['bake'], ['bake', '--explain'], ['render', '--out', join(bench.folder, 'r')]]) {
    const [name = '', ...options] = args;
    const error = await rejection(ingot(bench, name, bench.specFile, ...options));
    expect(error.code).toBe('wrong-lock');
    expect(error.excerpt).toEqual(['layers: + site: ./site v2', 'layers: - site: ./site main']);
  }
});

test('ingot bake refuses a layer that was changed in the pool', async () => {
  const bench = await LayerBench.open();
  await bench.commit({ 'templates/node/release.json.hbs': '{}\n' });
  const locked = await bench.fetch(layers);
  await bench.lock(layers, locked);
  await writeFile(join(pooledLayer(bench.pool, locked[0]?.tree ?? ''), 'templates/new.hbs'), 'x');
  const error = await rejection(ingot(bench, 'bake', bench.specFile));
  expect(error.code).toBe('wrong-pool');
  expect(error.excerpt[0]).toContain('the layer site has other files than the lock says');
});

test('ingot lock fetches layers first: they say which packages are locked', async () => {
  const bench = await LayerBench.open();
  await bench.commit({ 'image.yaml': 'packages: [htop]\n' });
  await bench.read(layers);
  const error = await rejection(ingot(bench, 'lock', bench.specFile));
  // The source of this spec does not exist.
  expect(error.message).toContain('/nowhere');
  expect(await readdir(join(bench.pool, 'layers'))).toHaveLength(1);
  expect(await readdir(bench.folder)).not.toContain('cluster.lock.json');
});
