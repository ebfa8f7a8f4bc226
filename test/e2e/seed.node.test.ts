import { readdirSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { loadTemplates } from '../../src/host/load-templates.ts';
import { makeHost } from '../../src/host/make-host.ts';
import { bootableDisk } from '../../src/recipe/bootable-disk.ts';
import { newKeyPair, parsePrivateKey } from '../../src/release/keys.ts';
import { bakeOnce, storeFolder } from './baked-store.ts';
import { changedVersion, place, unpackRoot } from './changed-version.ts';
import { project } from './ingot-process.ts';
import { LastingNode } from './lasting-node.ts';

const folder = join(inject('e2eFolder'), 'seed');

describe('a node whose image has a seed key', () => {
  const pair = newKeyPair();
  const key = parsePrivateKey(pair.privatePem, 'a key of this test');
  let [disk, version] = ['', ''];

  beforeAll(async () => {
    const bake = await bakeOnce();
    expect(bake.exitCode, bake.stderr).toBe(0);
    const baked = join(storeFolder, 'slave', readlinkSync(join(storeFolder, 'slave', 'latest')));
    const tree = join(folder, 'tree');
    await unpackRoot(baked, tree);
    place(tree, 'usr/lib/ingot/seed-keys/test.pem', pair.publicPem);
    const made = await changedVersion(baked, tree, folder, key);
    // They are of the root that was baked: without them a disk is made of the files.
    for (const name of readdirSync(made)) if (name.startsWith('disk.')) rmSync(join(made, name));
    rmSync(tree, { recursive: true });
    const templates = await loadTemplates(join(project, 'templates'));
    const { signal } = new AbortController();
    disk = await bootableDisk(makeHost(), {
      ...{ folder: made, templates, work: join(folder, 'disk.raw'), signal },
    });
    version = made.slice(made.lastIndexOf('/') + 1);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('uses nothing of a seed that is not signed, starts nothing of the cluster, and says so on the console', async () => {
    const node = await LastingNode.of(disk, join(folder, 'unsigned'));
    try {
      await node.start('bios');
      await node.shows(/THIS NODE DOES NOT JOIN THE CLUSTER/, 0);
      const said = await node.shows(/ingot: the seed is not signed/, 0);
      expect(said).toContain('Nothing of the seed was used, so nobody can log in either');
      expect(node.console(0)).not.toContain('demo-slave-');
    } finally {
      await node.remove();
    }
  });

  it('starts with a signed one, and says at login and in ingot-status who it is', async () => {
    const node = await LastingNode.of(disk, join(folder, 'signed'), key);
    try {
      await node.start('bios');
      await node.answers(version);
      // Its master does not answer, so the agent does not register.
      const status = await node.ask('systemctl is-system-running --wait >/dev/null; ingot-status');
      expect(status.exitCode).toBe(1);
      expect(status.stdout).toContain('identity    demo-slave-10-78-0-21, 10.78.0.21');
      expect(status.stdout).toContain('seed        signed by test');
      expect(status.stdout).toMatch(/^PROBLEM {5}agent: /m);
      const login = await node.ask('run-parts /etc/update-motd.d');
      expect(login.stdout).toContain('node        demo-slave-10-78-0-21 (10.78.0.21), slave\n');
    } finally {
      await node.remove();
    }
  });
});
