import { beforeAll, expect, it } from 'vitest';
import { bakeStore, rehearse, store } from './rehearsed-store.ts';

beforeAll(bakeStore);

it('a real container survives a restart of its agent, and what the drill leaves on one slave is no difference and no drift', async () => {
  const drills = ['--drills', 'container,compare,drift', '--masters', '1', '--slaves', '2'];
  const { ended, outcomes } = await rehearse(store, ...drills);
  expect(ended.exitCode, ended.stderr).toBe(0);
  expect(outcomes.map(({ name, result }) => [name, result])).toEqual([
    ['rise', 'passed'],
    ['container', 'passed'],
    ['compare', 'passed'],
    ['drift', 'passed'],
  ]);
});
