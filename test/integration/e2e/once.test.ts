import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { once } from '../../e2e/once.ts';

const folder = mkdtempSync(join(tmpdir(), 'ingot-once-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

it('the bake of a run is done once, even if two files request it at the same time; both get its result', async () => {
  let times = 0;
  const bake = async () => {
    times += 1;
    await wait(50);
    return { exitCode: 0, times };
  };
  const asked = [1, 2, 3].map(() => once(join(folder, 'bake.json'), bake));
  expect(await Promise.all(asked)).toEqual(asked.map(() => ({ exitCode: 0, times: 1 })));
  expect(await once(join(folder, 'bake.json'), bake)).toEqual({ exitCode: 0, times: 1 });
  expect(readdirSync(folder)).toEqual(['bake.json']);
});

it('a bake that threw is tried again, and one whose process was killed blocks nobody', async () => {
  const file = join(folder, 'other.json');
  await expect(once(file, () => Promise.reject(new Error('no space')))).rejects.toThrow('no space');
  const { pid } = spawnSync('true');
  writeFileSync(`${file}.lock`, String(pid));
  expect(await once(file, () => Promise.resolve('baked'))).toBe('baked');
});
