import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { processesNaming, startIngot } from '../e2e/ingot-process.ts';
import { bakeStore, spec, store } from './rehearsed-store.ts';

beforeAll(bakeStore);

it('Ctrl-C ends a rehearsal with all its machines, and only logs remain', async () => {
  const rehearsal = startIngot(['rehearse', spec, '--out', store, '--quick']);
  await rehearsal.shows('rehearse  rise');
  await expect
    .poll(() => processesNaming(store).filter((line) => line.includes('qemu-system')).length, {
      timeout: 60_000,
    })
    .toBe(5);
  rehearsal.child.kill('SIGINT');
  const { exitCode, seconds } = await rehearsal.ended;
  expect(exitCode).toBe(130);
  expect(seconds).toBeLessThan(120);
  expect(processesNaming(store)).toEqual([]);
  const newest = readdirSync(join(store, 'runs'))
    .filter((name) => name.includes('Z-'))
    .sort()
    .at(-1);
  expect(readdirSync(join(store, 'runs', newest ?? ''))).toEqual(['logs']);
});
