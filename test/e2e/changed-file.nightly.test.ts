import { execFileSync } from 'node:child_process';
import { appendFileSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { bakeOnce, cacheFolder, signingKeyFile, specFile as spec, storeFolder } from './baked-store.ts';
import { copyOfIngot } from './elsewhere.ts';
import { type Ended, startIngot } from './ingot-process.ts';

const folder = join(inject('e2eFolder'), 'changed-file');
const out = join(folder, 'out');
const version = (role: string): string => join(out, role, readlinkSync(join(out, role, 'latest')));
const bake = (ingot?: string): Promise<Ended> =>
  startIngot(['bake', spec, '--cache', cacheFolder, '--seed-key', signingKeyFile, '--out', out], ingot).ended;

let copy = '';
beforeAll(async () => {
  const first = await bakeOnce();
  expect(first.exitCode, first.stderr).toBe(0);
  copy = copyOfIngot(folder);
  const cached = await bake();
  expect(cached.exitCode, cached.stderr).toBe(0);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

// cache.test.ts checks in every run which stages such a bake would run; this test runs them.
it('after a change to one file, a bake reuses the cache, runs only the affected stages and publishes a boot-tested image', async () => {
  appendFileSync(join(copy, 'images/slave/rootfs/etc/docker/daemon.json'), '\n');
  const { exitCode, stderr } = await bake(copy);
  expect(exitCode, stderr).toBe(0);
  expect(version('master')).toContain(readlinkSync(join(storeFolder, 'master', 'latest')));
  expect(version('slave')).not.toContain(readlinkSync(join(storeFolder, 'slave', 'latest')));
  expect(stderr).toMatch(/unchanged +it was built and boot-tested from the same inputs/);
  expect(stderr).toMatch(/from the cache +packages slave$/m);
  expect(stderr).toMatch(/booted by BIOS, ssh after [\d.]+ s, \d+ checks passed/);
  expect(stderr).not.toMatch(/compose {2}(shared|pool|master)/);
  const root = join(version('slave'), 'root.squashfs');
  const inImage = execFileSync('unsquashfs', ['-cat', root, 'etc/docker/daemon.json']).toString();
  expect(inImage).toMatch(/\n\n$/);
});
