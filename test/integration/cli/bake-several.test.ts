import { existsSync } from 'node:fs';
import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandLine } from '../../../src/cli/command-line.ts';
import { bakeClustersShape } from '../../../src/cli/shapes/small-shapes.ts';
import { rejection, sharedFolder } from '../../samples/temporary.ts';
import { fakeWorld } from '../../samples/world.ts';
import { publishToy, toyVersion } from './publish-toy.ts';
import { type ToyCluster, toyCluster } from './toy-cluster.ts';

const shared = sharedFolder();
let cluster: ToyCluster;
let second: string;
const at = (name: string) => join(cluster.folder, name);

beforeAll(async () => {
  cluster = await toyCluster(shared());
  await cluster.offer({}, 'Sat, 21 Nov 2026 02:10:46 UTC');
  await ingot('lock', cluster.spec, '--pool', cluster.pool, '--quiet');
  second = await copyOf('second', (text) => text.replace('cluster: toy', 'cluster: second'));
});
afterAll(() => cluster.close());

async function ingot(...args: readonly string[]) {
  const { world, out, err } = fakeWorld({ cwd: cluster.folder });
  return { status: await commandLine(world, args), out: out(), err: err() };
}
const places = (out: string) => ['--out', out, '--pool', cluster.pool, '--cache', cluster.cache];

/** A changed copy of the spec, with the same lock. */
async function copyOf(name: string, change: (text: string) => string): Promise<string> {
  const spec = at(`${name}.yaml`);
  await writeFile(spec, change(await readFile(cluster.spec, 'utf8')));
  await copyFile(at('cluster.lock.json'), at(`${name}.lock.json`));
  return spec;
}

describe('ingot bake of several specs', () => {
  test('refuses two of one cluster before anything begins', async () => {
    const same = await copyOf('same', (text) => text);
    const error = await rejection(ingot('bake', cluster.spec, same, ...places('refused')));
    expect(error).toMatchObject({ code: 'wrong-usage', exitCode: 2 });
    expect(error.message).toContain('the cluster toy');
    expect(existsSync(at('refused'))).toBe(false);
  });

  test('refuses all where one spec is wrong, before anything begins', async () => {
    const wrong = await copyOf('wrong', (text) => text.replace('masters:', 'mistresses:'));
    expect((await rejection(ingot('bake', second, wrong, ...places('refused')))).code).toBe('wrong-spec');
    expect(existsSync(at('refused'))).toBe(false);
  });

  test('does nothing for clusters whose stores have the images, each in the folder of its name', async () => {
    for (const [spec, name] of [
      [cluster.spec, 'toy'],
      [second, 'second'],
    ] as const)
      await publishToy({ ...cluster, spec, out: at(`stores/${name}`) });
    const { status, out } = await ingot('bake', cluster.spec, second, '--json', ...places('stores'));
    expect(status).toBe(0);
    const { clusters } = bakeClustersShape.parse(JSON.parse(out));
    expect(clusters.map((one) => [one.cluster, one.out, one.status])).toEqual([
      ['toy', at('stores/toy'), 'done'],
      ['second', at('stores/second'), 'done'],
    ]);
    expect(clusters[1]?.images.map(({ version, published }) => [version, published])).toEqual([
      [toyVersion, false],
      [toyVersion, false],
    ]);
    const lines = (await ingot('bake', cluster.spec, second, ...places('stores'))).out.split('\n');
    expect(lines).toContain(at(`stores/second/slave/${toyVersion}`));
  });

  test.skipIf(process.getuid?.() !== 0)(
    'goes on with the others when one fails; the exit status is the highest, and nothing is half-made',
    async () => {
      await publishToy({ ...cluster, out: at('mixed/toy') });
      // The packages of the toy are not a system: composing fails.
      const { status, out, err } = await ingot('bake', cluster.spec, second, '--json', ...places('mixed'));
      const { clusters } = bakeClustersShape.parse(JSON.parse(out));
      expect(clusters.map((one) => [one.cluster, one.status, one.images.length])).toEqual([
        ['toy', 'done', 2],
        ['second', 'failed', 0],
      ]);
      expect(status).toBe(clusters[1]?.exit);
      expect(status).toBeGreaterThan(0);
      expect(clusters[1]?.error?.code).not.toBe('bug');
      expect(err).toContain('second: failed');
      // The error says how to bake only that cluster again.
      expect(err).toContain(`--out ${at('mixed/second')}`);
      expect(await readdir(at('mixed/second'))).toEqual(['runs']);
      const [run = ''] = await readdir(at('mixed/second/runs'));
      expect(await readdir(at(`mixed/second/runs/${run}`))).toEqual(['logs']);
    },
  );

  test.skipIf(process.getuid?.() !== 0)(
    'ends all of them at an interrupt, and nothing is half-made',
    async () => {
      const stop = new AbortController();
      const reason = new Error('stop');
      const { world } = fakeWorld({ cwd: cluster.folder, signal: stop.signal });
      const third = await copyOf('third', (text) => text.replace('cluster: toy', 'cluster: third'));
      const none = ['--out', 'stopped', '--pool', cluster.pool, '--no-cache'];
      const begun = new Promise<void>((resolve) => {
        const write = world.stream.write.bind(world.stream);
        world.stream.write = (chunk: string) => {
          // Both are composing, or about to.
          if (chunk.includes('compose')) resolve();
          return write(chunk);
        };
      });
      const running = commandLine(world, ['bake', second, third, ...none]);
      await begun;
      stop.abort(reason);
      expect(await running).toBeGreaterThan(0);
      for (const name of ['second', 'third']) {
        expect(await readdir(at(`stopped/${name}`))).toEqual(['runs']);
        for (const run of await readdir(at(`stopped/${name}/runs`)))
          expect(await readdir(at(`stopped/${name}/runs/${run}`))).toEqual(['logs']);
      }
    },
  );
});
