import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NodeTree } from './node-tree.ts';

const hash = 'ab'.repeat(32);
const release = {
  role: 'master',
  layout: 'mesosphere',
  scheduler: 'marathon',
  suite: 'bookworm',
  architecture: 'amd64',
  date: '2026-11-22T00:00:00Z',
  tool: '0.1.0',
  standIns: ['mesos 1.9.0-1.standin1'],
  production: false,
};

let tree: NodeTree;
beforeEach(() => {
  tree = new NodeTree();
  tree.write('/usr/lib/ingot/release.json', JSON.stringify(release));
  tree.write('/proc/cmdline', `boot=ingot ingot.version=v7 ingot.roothash=${hash} console=ttyS0\n`);
});
afterEach(() => {
  tree.remove();
});

function openRoot(uuid: string): void {
  tree.write('/sys/block/dm-0/dm/name', 'ingot-root\n');
  tree.write('/sys/block/dm-0/dm/uuid', `${uuid}\n`);
}

describe('ingot-release', () => {
  it('shows role, version and root hash, and that the kernel enforces it', () => {
    openRoot('CRYPT-VERITY-0123-ingot-root');
    const { stdout } = tree.run('/usr/bin/ingot-release');
    expect(stdout).toContain('role        master, layout mesosphere, scheduler marathon\n');
    expect(stdout).toContain('version     v7\n');
    expect(stdout).toContain(`root hash   ${hash}\n`);
    expect(stdout).toContain('enforced by dm-verity');
  });

  it('shows NOT VERIFIED if the hash is on the command line but there is no dm-verity device', () => {
    expect(tree.run('/usr/bin/ingot-release').stdout).toContain('NOT VERIFIED');
    openRoot('CRYPT-LUKS2-0123-ingot-root');
    expect(tree.run('/usr/bin/ingot-release').stdout).toContain('NOT VERIFIED');
  });

  it('warns about stand-ins, and shows nothing of them in an image for production', () => {
    const warned = tree.run('/usr/bin/ingot-release').stdout;
    expect(warned).toContain('STAND-IN    mesos 1.9.0-1.standin1\n');
    expect(warned).toContain('not for production');
    tree.write('/usr/lib/ingot/release.json', JSON.stringify({ ...release, standIns: [], production: true }));
    const clean = tree.run('/usr/bin/ingot-release').stdout;
    expect(clean).not.toContain('STAND-IN');
    expect(clean).not.toContain('production');
  });

  it('shows the same as JSON', () => {
    openRoot('CRYPT-VERITY-0123-ingot-root');
    expect(JSON.parse(tree.run('/usr/bin/ingot-release', '--json').stdout)).toEqual({
      ...release,
      version: 'v7',
      rootHash: hash,
      verified: true,
    });
  });
});
