import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseSysusers, releaseUsers, reserveUsers } from '../../../../src/bake/compose/fixed-users.ts';
import { debianTree } from '../../../samples/debian-tree.ts';
import { temporaryFolder } from '../../../samples/temporary.ts';

const files = ['passwd', 'group', 'shadow', 'gshadow'];
const zookeeper = parseSysusers('u zookeeper 989 "ZooKeeper" /var/lib/zookeeper /usr/sbin/nologin\n');

async function treeWith(names: readonly string[]): Promise<string> {
  const tree = join(await temporaryFolder(), 'tree');
  await debianTree(tree);
  mkdirSync(join(tree, 'etc'), { recursive: true });
  const lines: Record<string, string> = {
    passwd: 'root:x:0:0:root:/root:/bin/bash\nzookeeper-exporter:x:105:105::/:/bin/sh\n',
    group: 'root:x:0:\nzookeeper-exporter:x:105:\n',
    shadow: 'root:*:1:0:99999:7:::\nzookeeper-exporter:*:1::::::\n',
    gshadow: 'root:*::\nzookeeper-exporter:!*::\n',
  };
  for (const name of names) writeFileSync(join(tree, 'etc', name), lines[name] ?? '');
  return tree;
}

const textsOf = (tree: string, names: readonly string[]) =>
  names.map((name) => readFileSync(join(tree, 'etc', name), 'utf8'));

function inTree(tree: string, script: string): void {
  const done = spawnSync('/usr/sbin/chroot', [tree, '/bin/sh', '-euc', script], {
    encoding: 'utf8',
    env: { PATH: '/usr/bin:/bin', SOURCE_DATE_EPOCH: '86400' },
  });
  expect(done.status, done.stderr).toBe(0);
}

test.each([[files], [['passwd', 'group']]])(
  'a number is taken while packages are installed, and the tree is then as it was: %j',
  async (names) => {
    const tree = await treeWith(names);
    const before = textsOf(tree, names);
    inTree(tree, reserveUsers(zookeeper));
    for (const text of textsOf(tree, names)) expect(text).toMatch(/^zookeeper:/m);
    expect(textsOf(tree, ['passwd'])[0]).toMatch(/^zookeeper:.*:989:989:/m);
    inTree(tree, releaseUsers(zookeeper));
    expect(textsOf(tree, names)).toEqual(before);
  },
);
