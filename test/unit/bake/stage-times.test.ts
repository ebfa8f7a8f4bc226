import { expect, test } from 'vitest';
import { StageTimes } from '../../../src/bake/stage-times.ts';
import { makeHost } from '../../../src/host/make-host.ts';

test('each stage has its seconds in the order in which they ended, including one that failed', async () => {
  let now = 0;
  const times = new StageTimes({ ...makeHost(), now: () => now });
  const taking = (milliseconds: number) => () => {
    now += milliseconds;
    return Promise.resolve(milliseconds);
  };
  expect(await times.time('compose', taking(1500))).toBe(1500);
  const failing = times.time('bake', async () => {
    await taking(250)();
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(Object.entries(times.seconds)).toEqual([
    ['compose', 1.5],
    ['bake', 0.25],
  ]);
});
