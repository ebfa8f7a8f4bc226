import { describe, expect, test } from 'vitest';
import { stageTitle } from '../../../../src/bake/cache/keyed-stage.ts';
import { decideStages } from '../../../../src/bake/keys/decide.ts';
import { allStages } from '../../../../src/bake/stages/all-stages.ts';
import type { Role } from '../../../../src/inputs/plan/plan.ts';
import { sampleMaterial, stagesOf } from '../../../samples/stages.ts';

const stages = stagesOf(sampleMaterial);
const titles = stages.all.map(stageTitle);

/** What a bake does if the cache has these stages: each verdict with its stages, and the queries to the cache. */
async function when(there: (title: string) => boolean, published: readonly Role[] = []) {
  const asked: string[] = [];
  const verdicts = await decideStages(
    allStages,
    stages,
    (stage) => {
      asked.push(stageTitle(stage));
      return Promise.resolve(there(stageTitle(stage)));
    },
    new Set(published),
  );
  const having = (verdict: string) =>
    [...verdicts].flatMap(([stage, one]) => (one === verdict ? [stageTitle(stage)] : []));
  return { asked, runs: having('runs'), cached: having('cached'), idle: having('idle') };
}

const of = (...names: readonly string[]): string[] =>
  titles.filter((title) => names.includes(title.split(' ', 1)[0] ?? ''));

describe('only stages without an entry run, beginning after the last one that has an entry', () => {
  test('with an empty cache, all stages run', async () => {
    expect((await when(() => false)).runs).toEqual(titles);
  });

  test('with everything in the cache no stage runs, and only the published files are taken', async () => {
    const { runs, cached } = await when(() => true);
    expect(runs).toEqual([]);
    expect(cached).toEqual(of('root', 'artifacts', 'verification'));
  });

  test('after a change to a file, the packages are taken and nothing before them', async () => {
    const { runs, cached, idle } = await when((title) => /^(shared|packages)/.test(title));
    expect(runs).toEqual(of('tree', 'changes', 'root', 'artifacts', 'verification'));
    expect(cached).toEqual(of('packages'));
    expect(idle).toEqual(['shared']);
  });

  test('after a change to a step, the tree is taken', async () => {
    const { runs, cached } = await when((title) => /^(shared|packages|tree)/.test(title));
    expect(runs).toEqual(of('changes', 'root', 'artifacts', 'verification'));
    expect(cached).toEqual(of('tree'));
  });

  test('after a change to a boot menu, the root is taken, and no tree', async () => {
    const { runs, cached } = await when((title) => !/^(artifacts|verification)/.test(title));
    expect(runs).toEqual(of('artifacts', 'verification'));
    expect(cached).toEqual(of('root'));
  });

  test('after a change to a check, the image is only booted again', async () => {
    const { runs, cached } = await when((title) => !title.startsWith('verification'));
    expect(runs).toEqual(of('verification'));
    expect(cached).toEqual(of('root', 'artifacts'));
  });

  test("a tree that was removed from the cache is made again, but not the guest's changes to it", async () => {
    const { runs, cached } = await when((title) => /^(shared|packages|changes|verification)/.test(title));
    expect(runs).toEqual(of('tree', 'root', 'artifacts'));
    expect(cached).toEqual(of('packages', 'changes', 'verification'));
  });

  test('the shared tree is taken when the packages of one role are unpacked', async () => {
    const { runs, cached } = await when((title) => title === 'shared' || title.endsWith(' master'));
    expect(runs).toEqual(titles.filter((title) => title.endsWith(' slave')));
    expect(cached).toContain('shared');
  });

  test('a role that is in the store stays unchanged, and the cache is not queried', async () => {
    const { asked, idle } = await when(() => false, ['master']);
    expect(asked.some((title) => title.endsWith(' master'))).toBe(false);
    expect(idle).toEqual(titles.filter((title) => title.endsWith(' master')));
  });
});
