import { readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { place } from '../e2e/changed-version.ts';
import { brokenStore, replaceIn, type Role } from './broken-image.ts';
import { bakeStore, rehearse } from './rehearsed-store.ts';

const derivation = 'usr/lib/ingot/ingot_node/cluster_config.py';

interface Broken {
  readonly name: string;
  readonly role: Role;
  readonly breakIt: (tree: string) => void;
  /** The smallest cluster in which the fault shows. */
  readonly nodes: readonly string[];
  readonly says: RegExp;
}

const broken: readonly Broken[] = [
  {
    name: 'ids-by-sorted-order',
    role: 'master',
    breakIt: (tree) => {
      replaceIn(tree, derivation, /seed\.masters\.index\(address\)/, 'sorted(seed.masters).index(address)');
    },
    nodes: ['--masters', '3', '--slaves', '0'],
    says: /^master-\d is master \d of the list, but its ZooKeeper id is \d$/m,
  },
  {
    name: 'quorum-of-one',
    role: 'master',
    breakIt: (tree) => {
      replaceIn(tree, derivation, /("\/etc\/mesos-master\/quorum": )f".*"/, '$1"1\\n"');
    },
    nodes: ['--masters', '3', '--slaves', '0'],
    says: /^the registry of master-\d has a quorum of 1 \(\/flags\), and the list of 3 masters needs 2$/m,
  },
  {
    name: 'services-of-both-roles',
    role: 'master',
    breakIt: (tree) => {
      const units = join(tree, 'etc/systemd/system');
      rmSync(join(units, 'mesos-slave.service'));
      symlinkSync(
        '/lib/systemd/system/mesos-slave.service',
        join(units, 'multi-user.target.wants', 'mesos-slave.service'),
      );
    },
    nodes: ['--masters', '1', '--slaves', '0'],
    says: /^a Mesos agent runs on master-1, a master$/m,
  },
  {
    name: 'baked-agent-id',
    role: 'slave',
    breakIt: (tree) => {
      // As in an image that was made of a slave that had registered.
      place(tree, 'usr/share/baked/slaves/5f1d0c6e-S0/slave.info', '{}');
      symlinkSync('5f1d0c6e-S0', join(tree, 'usr/share/baked/slaves/latest'));
      place(
        tree,
        'usr/lib/tmpfiles.d/baked.conf',
        'C /var/lib/ingot/state/mesos/meta - - - - /usr/share/baked\n',
      );
    },
    nodes: ['--masters', '1', '--slaves', '2'],
    says: /^slave-1 and slave-2 have one agent id, 5f1d0c6e-S0$/m,
  },
];

describe('an image that was broken on purpose', () => {
  beforeAll(bakeStore);

  it.each(broken)('fails its rehearsal: $name', async ({ name, role, breakIt, nodes, says }) => {
    const out = await brokenStore(name, role, breakIt);
    const { ended, outcomes, logs } = await rehearse(out, '--drills', 'agree', ...nodes);
    expect(ended.exitCode).toBe(1);
    const failed = outcomes.find(({ result }) => result === 'failed');
    expect(failed?.saw).toMatch(says);
    // The files for finding the cause were kept.
    const kept = readdirSync(logs);
    expect(kept.filter((file) => file.startsWith('console-master-1'))).toHaveLength(1);
    expect(kept.filter((file) => file.startsWith('journal-')).length).toBeGreaterThan(0);
  });
});
