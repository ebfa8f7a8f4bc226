import { readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { bakeOnce, storeFolder } from './baked-store.ts';
import { LastingNode } from './lasting-node.ts';

const folder = join(inject('e2eFolder'), 'seed');

// Every other node of the run starts with a signed seed: from a disk, over HTTP, or from the user data of an instance.
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

  it('is not used by a node whose image has a seed key: it starts nothing of the cluster, and the console shows why', async () => {
    const node = await LastingNode.of(join(baked, 'disk.qcow2'), join(folder, 'keys'));
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
});
