import { copyFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { worstExit } from '../../../../src/cli/bake/cluster-results.ts';
import { clustersOf } from '../../../../src/cli/bake/several-specs.ts';
import { pathOf, type StageNode } from '../../../../src/cli/progress/progress-view.ts';
import { viewBelow } from '../../../../src/cli/progress/view-below.ts';
import type { ReadPlan } from '../../../../src/inputs/read-plan.ts';
import { rejection, temporaryFolder } from '../../../samples/temporary.ts';

const read = (cluster: string) => ({ plan: { cluster } }) as ReadPlan;

async function specs(...clusters: readonly string[]) {
  const folder = await temporaryFolder();
  return Promise.all(
    clusters.map(async (cluster, index) => {
      const specFile = join(folder, `${index}.yaml`);
      await writeFile(specFile, '');
      return { specFile, read: read(cluster) };
    }),
  );
}

describe('several specs', () => {
  test('have the stores OUT/CLUSTER', async () => {
    const found = await clustersOf(await specs('a', 'b'), ['slave'], '/out');
    expect(found.map(({ cluster, out, roles }) => [cluster, out, roles])).toEqual([
      ['a', '/out/a', ['slave']],
      ['b', '/out/b', ['slave']],
    ]);
  });

  test('of one cluster are refused: they would be baked into one folder', async () => {
    const error = await rejection(clustersOf(await specs('a', 'b', 'a'), ['slave'], '/out'));
    expect(error.code).toBe('wrong-usage');
    expect(error.message).toMatch(/0\.yaml and .*2\.yaml both describe the cluster a, .*\/out\/a$/);
  });

  test('that are one file are refused, also by the way of a link', async () => {
    const [one] = await specs('a');
    if (one === undefined) throw new Error('no spec');
    const link = `${one.specFile}.link`;
    await symlink(one.specFile, link);
    const error = await rejection(clustersOf([one, { specFile: link, read: read('a') }], ['slave'], '/out'));
    expect(error.message).toContain('are the same file');
    // A copy is another file, and is refused for its name.
    await copyFile(one.specFile, `${one.specFile}.copy`);
    const copy = { specFile: `${one.specFile}.copy`, read: read('a') };
    expect((await rejection(clustersOf([one, copy], ['slave'], '/out'))).message).toContain('the cluster a');
  });

  test.each(['master', 'slave', 'runs', 'dev', 'channels'])(
    'of a cluster that is named %s, like a part of a store, are refused',
    async (name) => {
      const error = await rejection(clustersOf(await specs('a', name), ['slave'], '/out'));
      expect(error.message).toContain(`is named ${name}`);
    },
  );

  test('end with the highest exit status', () => {
    const results = [0, 2, 1].map((exit) => ({
      ...{ cluster: 'a', spec: 'a.yaml', out: '/out/a', status: 'failed' as const, images: [], exit },
    }));
    expect(worstExit(results)).toBe(2);
    expect(worstExit([])).toBe(0);
  });

  test('are shown below a line for each cluster; a stage stays the same stage', () => {
    const seen: StageNode[] = [];
    const record = (node: StageNode) => void seen.push(node);
    const view = {
      open: () => Promise.resolve(),
      begins: record,
      notes: record,
      ends: record,
      close: () => undefined,
    };
    const shown = viewBelow(view, { title: 'demo', parent: undefined, begunAt: 0 });
    const compose = { title: 'compose', parent: undefined, begunAt: 0 };
    const slave = { title: 'slave', parent: compose, begunAt: 0 };
    shown.begins(compose);
    shown.begins(slave);
    shown.ends(slave, 'done', 1);
    expect(seen.map((node) => pathOf(node).join(' '))).toEqual([
      'demo compose',
      'demo compose slave',
      'demo compose slave',
    ]);
    expect(seen[2]).toBe(seen[1]);
    expect(seen[1]?.parent).toBe(seen[0]);
  });
});
