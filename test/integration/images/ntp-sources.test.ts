import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { NodeTree } from '../../unit/images/node-tree.ts';

const program = fileURLToPath(
  new URL('../../../images/common/rootfs/usr/lib/ingot/ntp-sources', import.meta.url),
);

let tree: NodeTree;
beforeEach(() => {
  tree = new NodeTree();
});
afterEach(() => {
  tree.remove();
});

function sources(): string {
  const done = spawnSync('/bin/sh', [program], {
    env: {
      PATH: process.env['PATH'],
      INGOT_CHRONY_FOLDER: join(tree.folder, 'chrony'),
      INGOT_NETIF_STATE: join(tree.folder, 'netif'),
      INGOT_SYS_VENDOR: join(tree.folder, 'vendor'),
    },
  });
  expect(done.status).toBe(0);
  return tree.read('/chrony/ingot.sources');
}

it('chrony gets the time servers from DHCP', () => {
  tree.write('/netif', '# state\nOPER_STATE=routable\nNTP=10.0.0.1 ntp.example.org\nDNS=10.0.0.1\n');
  expect(sources()).toBe('server 10.0.0.1 iburst\nserver ntp.example.org iburst\n');
});

it("chrony gets Amazon's time server only on Amazon's machines", () => {
  tree.write('/vendor', 'Amazon EC2\n');
  expect(sources()).toContain('server 169.254.169.123');
  tree.write('/vendor', 'QEMU\n');
  expect(sources()).toBe('');
});
