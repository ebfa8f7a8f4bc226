import { expect, test } from 'vitest';
import { stageNames } from '../../../../src/bake/stages/all-stages.ts';
import { bakeOutline, workBelow } from '../../../../src/cli/progress/bake-outline.ts';

const everything = stageNames.map((name) => ({ name, role: 'master' as const, runs: true }));

test('every stage of a bake is below one line of the display', () => {
  const titles = ['compose', 'bake', 'seal', 'verify'];
  const below = titles.flatMap((title) => workBelow([title], everything));
  expect(below.sort()).toEqual(stageNames.map((name) => `${name} master`).sort());
});

test('what a line makes depends on the role, and parts of a role depend on nothing', () => {
  const decided = [
    { name: 'shared', role: null, runs: true },
    { name: 'tree', role: 'master', runs: true },
    { name: 'tree', role: 'slave', runs: false },
  ] as const;
  expect(workBelow(['compose'], decided)).toEqual(['shared', 'tree master']);
  expect(workBelow(['compose', 'master'], decided)).toEqual(['tree master']);
  expect(workBelow(['compose', 'master', 'x'], decided)).toEqual([]);
  expect(workBelow(['lock'], decided)).toEqual([]);
});

test('nothing is called cached before the bake has decided, nor without a cache', () => {
  expect(bakeOutline({}, [], true).stages.some(({ fromCache }) => fromCache)).toBe(false);
  expect(bakeOutline({}, [], true).cache).toBeUndefined();
  const without = bakeOutline({}, everything, false);
  expect(without.cache).toBeUndefined();
  expect(without.stages.map(({ title }) => title)).not.toContain('cache');
});
