import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NodeTree } from '../../unit/images/node-tree.ts';

const program = fileURLToPath(
  new URL('../../../images/common/rootfs/usr/lib/ingot/wait-for-time', import.meta.url),
);

let tree: NodeTree;
beforeEach(() => {
  tree = new NodeTree();
  tree.write('/run/.here', '');
  // The tests do not really sleep.
  stub('sleep', '');
  stub('ip', '');
});
afterEach(() => {
  tree.remove();
});

function stub(name: string, text: string): void {
  tree.write(`/bin/${name}`, `#!/bin/sh\necho "${name} $*" >>"${tree.folder}/asked"\n${text}\n`);
  chmodSync(join(tree.folder, 'bin', name), 0o755);
}

/** Stubs chrony: waitsync ends with this status, and this number of sources is online. */
function chrony(waitsync: number, online: number): void {
  stub(
    'chronyc',
    `case "$*" in *waitsync*) exit ${waitsync} ;; *activity*) echo '${online} sources online' ;; esac`,
  );
}

function wait() {
  const done = spawnSync('/bin/sh', [program], {
    encoding: 'utf8',
    env: {
      PATH: `${join(tree.folder, 'bin')}:${process.env['PATH'] ?? ''}`,
      INGOT_RUN: join(tree.folder, 'run'),
      INGOT_CONSOLE: join(tree.folder, 'console'),
      INGOT_CHRONY_FOLDER: join(tree.folder, 'chrony'),
      INGOT_SEED: join(tree.folder, 'cluster.json'),
    },
  });
  const rounds = tree.read('/asked').match(/waitsync/g)?.length ?? 0;
  return { status: done.status, said: `${done.stdout}${done.stderr}`, rounds };
}

const seeded = (): void => {
  tree.write('/cluster.json', '{"version":1,"timeServers":["10.0.0.1","ntp.example.org"]}');
  tree.write('/chrony/seed.sources', 'server 10.0.0.1 iburst\nserver ntp.example.org iburst\n');
};

describe('before anything of the cluster starts', () => {
  it('the clock may be synchronised at once', () => {
    chrony(0, 1);
    expect(wait()).toEqual({ status: 0, said: 'the clock is synchronised\n', rounds: 1 });
  });

  it('a node in an isolated network boots at once with the hardware clock', () => {
    chrony(1, 0);
    expect(wait()).toMatchObject({ status: 0, rounds: 1 });
    expect(tree.paths()).not.toContain('/run/identity-failed');
  });

  it('a node with a default route, but without a server whose name resolves, boots after ten rounds', () => {
    chrony(1, 0);
    stub('ip', 'echo default via 10.0.0.1');
    expect(wait()).toMatchObject({ status: 0, rounds: 10 });
  });

  it('optional servers that do not answer are given up after thirty rounds', () => {
    chrony(1, 2);
    const { status, said, rounds } = wait();
    expect({ status, rounds }).toEqual({ status: 0, rounds: 30 });
    expect(said).toContain('going on with the hardware clock');
  });

  it('servers that the seed names must answer, or the node reports everywhere why it does not join', () => {
    chrony(1, 0);
    seeded();
    const { status, said, rounds } = wait();
    expect({ status, rounds }).toEqual({ status: 1, rounds: 60 });
    for (const text of [said, tree.read('/console'), tree.read('/run/identity-failed')])
      expect(text).toContain(
        'the clock is not synchronised: within a minute no time server of the seed (10.0.0.1,ntp.example.org) has set it',
      );
  });

  it('servers that the seed names and that answer are enough, and chrony loads them', () => {
    chrony(0, 2);
    seeded();
    expect(wait()).toMatchObject({ status: 0, rounds: 1 });
    expect(tree.read('/asked')).toContain('chronyc reload sources');
  });

  it('an earlier reason for not joining is not overwritten', () => {
    chrony(1, 0);
    seeded();
    tree.write('/run/identity-failed', 'no seed\n');
    wait();
    expect(tree.read('/run/identity-failed')).toBe('no seed\n');
  });
});
