import { mkdtempSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { bakeOnce, signingKeyFile, storeFolder } from './baked-store.ts';
import { startIngot } from './ingot-process.ts';
import { publicKeyFile } from './run-folder.ts';

const folder = mkdtempSync(join(inject('e2eFolder'), 'other-firmware-'));
const version = (role: string): string =>
  join(storeFolder, role, readlinkSync(join(storeFolder, role, 'latest')));

// The bake boots the master by UEFI and the slave by BIOS; the disk for EC2 boots a slave by UEFI in every run.
describe('the versions of a bake', () => {
  beforeAll(async () => {
    const bake = await bakeOnce();
    expect(bake.exitCode, bake.stderr).toBe(0);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('boot again from their folders, each with the other firmware, and pass the checks that are stored next to them', async () => {
    const logs = join(folder, 'logs of the boot');
    const boot = ['--boot', '--firmware', 'other', '--seed-key', signingKeyFile];
    const args = [...['master', 'slave'].map(version), ...boot, '--out', logs, '--key', publicKeyFile];
    const { exitCode, stdout, stderr } = await startIngot(['verify', ...args]).ended;
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toMatch(/^master: booted by BIOS/m);
    expect(stdout).toMatch(/^slave: booted by UEFI/m);
    expect(stdout).toContain('  ok  Marathon has a leader: ');
    expect(stdout).toContain('  ok  the agent is registered');
  });
});
