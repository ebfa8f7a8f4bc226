import { readdirSync, readlinkSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { bootableDisk } from '../../src/disk/bootable-disk.ts';
import { makeHost } from '../../src/host/make-host.ts';
import { loadTemplates } from '../../src/inputs/load-templates.ts';
import { bakeOnce, runKey, storeFolder } from './baked-store.ts';
import { changedVersion, unpackRoot } from './changed-version.ts';
import { project } from './ingot-process.ts';
import { LastingNode } from './lasting-node.ts';

const folder = join(inject('e2eFolder'), 'unsigned-seed');

/** The slave of the run without its seed keys, as from a spec without seed.keys; returns the version and its disk. */
async function withoutSeedKeys(baked: string): Promise<{ version: string; disk: string }> {
  const tree = join(folder, 'tree');
  await unpackRoot(baked, tree);
  rmSync(join(tree, 'usr/lib/ingot/seed-keys'), { recursive: true });
  const made = await changedVersion(baked, tree, folder, runKey());
  // They belong to the root that was baked: without them, a disk is made of the files.
  for (const name of readdirSync(made)) if (name.startsWith('disk.')) rmSync(join(made, name));
  rmSync(tree, { recursive: true });
  const templates = await loadTemplates(join(project, 'templates'));
  const { signal } = new AbortController();
  const disk = await bootableDisk(makeHost(), {
    ...{ folder: made, templates, work: join(folder, 'disk.raw'), signal },
  });
  return { version: basename(made), disk };
}

// An image with a seed key refuses such a seed: seed.node.test.ts.
describe('an unsigned seed', () => {
  let baked = '';
  beforeAll(async () => {
    const bake = await bakeOnce();
    expect(bake.exitCode, bake.stderr).toBe(0);
    baked = join(storeFolder, 'slave', readlinkSync(join(storeFolder, 'slave', 'latest')));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("is trusted by a node whose image has no seed key; login and ingot-status show the node's identity", async () => {
    const { version, disk } = await withoutSeedKeys(baked);
    const node = await LastingNode.of(disk, join(folder, 'no-keys'));
    try {
      await node.start('bios');
      await node.answers(version);
      // Its master does not answer, so the agent does not register.
      const status = await node.ask('systemctl is-system-running --wait >/dev/null; ingot-status');
      expect(status.exitCode).toBe(1);
      expect(status.stdout).toContain('identity    demo-slave-10-78-0-21, 10.78.0.21');
      expect(status.stdout).toContain('seed        not signed: this image trusts every seed');
      expect(status.stdout).toMatch(/^PROBLEM {5}agent: /m);
      const login = await node.ask('run-parts /etc/update-motd.d');
      expect(login.stdout).toContain('node        demo-slave-10-78-0-21 (10.78.0.21), slave\n');
    } finally {
      await node.remove();
    }
  });
});
