import { beforeAll, expect, it } from 'vitest';
import { bakeStore, rehearse, store } from './rehearsed-store.ts';

beforeAll(bakeStore);

it('the agent starts a real container, which survives a restart of the agent and is removed when it is lost', async () => {
  const { ended, outcomes } = await rehearse(
    store,
    '--drills',
    'container',
    '--masters',
    '1',
    '--slaves',
    '1',
  );
  expect(ended.exitCode, ended.stderr).toBe(0);
  expect(outcomes.map(({ name, result }) => [name, result])).toEqual([
    ['rise', 'passed'],
    ['container', 'passed'],
  ]);
});
