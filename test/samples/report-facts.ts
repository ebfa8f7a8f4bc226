import type { NodeSample } from '../../src/rehearse/node-sample.ts';
import type { HistoryEntry } from '../../src/report/history/read-history.ts';
import type { RehearsalFacts } from '../../src/report/rehearsal/rehearsal-page.tsx';
import type { VersionReportFacts } from '../../src/report/version/version-facts.ts';

const hex = (letter: string): string => letter.repeat(64);

/** The facts of a version with this number of packages and everything that a report can show. */
export function reportFacts(packages: number, more: Partial<VersionReportFacts> = {}): VersionReportFacts {
  const names = Array.from({ length: packages }, (_, index) => `package-${index}`);
  const bytesOf = (index: number): number => Math.round(90_000_000 / (index + 1)) + 4096;
  const groupOf = (index: number): string => (index % 3 === 0 ? 'on every node' : `asked-for-${index % 7}`);
  const groups = [...new Set(names.map((_, index) => groupOf(index)))];
  return {
    role: 'master',
    version: '20261129-3a53b04ef46e',
    boot: {
      schema: 2,
      role: 'master',
      ...{
        version: '20261129-3a53b04ef46e',
        cluster: 'demo',
        date: '2026-11-29T00:53:13Z',
        production: false,
      },
      ...{ architecture: 'amd64', layout: 'mesosphere', scheduler: 'marathon', memoryMiB: 1240 },
      ...{ rootHash: hex('c'), rootBytes: 224_317_440 },
      kernelArguments: ['console=ttyS0,115200n8', 'panic=30'],
    },
    signedBy: [hex('0')],
    packages: names.map((name, index) => ({
      ...{ name, version: `1:${index}.2-3+deb12u${index % 9}`, architecture: 'amd64' },
      ...{ bytes: bytesOf(index), because: groupOf(index), licences: ['GPL-2.0-or-later', 'MIT'] },
    })),
    packageSizes: groups.map((group) => ({
      name: group,
      leaves: names.flatMap((name, index) =>
        groupOf(index) === group ? [{ name, size: bytesOf(index) }] : [],
      ),
    })),
    folderSizes: [
      {
        name: '/usr/lib',
        leaves: [
          { name: 'jvm', size: 160_000_000 },
          { name: 'modules', size: 80_000_000 },
        ],
      },
      { name: '/etc', leaves: [{ name: 'files', size: 40_000 }] },
    ],
    changes: {
      before: '20261128-34df6ba5d428',
      packages: [
        {
          name: 'libssl3',
          architecture: 'amd64',
          kind: 'upgraded',
          before: '3.0.1',
          after: '3.0.2',
          source: 'openssl',
        },
        { name: 'old-one', architecture: 'all', kind: 'removed', before: '1', source: 'old-one' },
      ],
      security: [
        {
          ...{ source: 'openssl', before: '3.0.1', after: '3.0.2', urgency: 'high' },
          entries: [],
          cves: Array.from({ length: 20 }, (_, index) => `CVE-2026-${1000 + index}`),
        },
        { source: 'curl', before: '1', after: '2', entries: [], cves: [], unknown: 'the pool has no curl 2' },
      ],
      rootGrowth: 4096,
    },
    checks: {
      schema: 1,
      role: 'master',
      firmware: 'uefi',
      accelerator: 'tcg',
      ...{ version: '20261129-3a53b04ef46e', cluster: 'demo', guest: { cpus: 2, memoryMiB: 2048 } },
      published: '2026-11-30T16:00:55Z',
      secondsToSsh: 186.1,
      checks: [
        {
          name: 'no unit has failed',
          run: '/usr/lib/ingot/check/system-running',
          within: 180,
          saw: 'the system is running',
          seconds: 25.7,
        },
      ],
    },
    times: {
      healthySeconds: 190,
      stages: [
        { name: 'firmware', seconds: 9 },
        { name: 'initrd', seconds: 30, parts: [{ name: 'drivers', seconds: 12 }] },
        { name: 'user space', seconds: 151 },
      ],
      units: [
        { name: 'zookeeper.service', from: 60, seconds: 41 },
        { name: 'broken.service', from: 70, seconds: 1, failed: true },
        { name: 'quick.socket', from: 40, seconds: 0 },
      ],
    },
    bake: {
      ...{ run: '20261130T155234Z-6wwiqz', begun: '2026-11-30T15:52:34Z', seconds: 500 },
      stages: [
        { name: 'bake', begun: 10, seconds: 51 },
        { name: 'verify', begun: 80, seconds: 308 },
      ],
      fromCache: ['packages master'],
      programs: { ingot: '0.1.0', packer: '1.6.6' },
    },
    privileges: [{ path: '/usr/bin/sudo', mode: '4755', why: 'operators become root by it' }],
    files: [
      { href: '20261129-3a53b04ef46e/disk.qcow2', name: 'disk.qcow2', bytes: 250_216_448, text: hex('d') },
    ],
    logs: [
      {
        href: '../runs/20261130T155234Z-6wwiqz/logs/console-verify-master.log',
        name: 'console-verify-master.log',
        bytes: 19_673,
        text: 'serial console of the boot test',
      },
    ],
    rehearsals: [
      { finishedOn: '2026-11-30T17:00:00Z', passed: 2, drills: ['rise', 'leader'], signedBy: [hex('0')] },
    ],
    ...more,
  };
}

/** A sample of a master at a second since 1970. */
export function masterSample(at: number, elected: boolean, more: Partial<NodeSample> = {}): NodeSample {
  return {
    ...{
      at,
      took: 0.5,
      address: '10.77.0.11',
      role: 'master',
      bootId: 'first',
      hostName: null,
      machineId: null,
    },
    ...{ hostKey: null, version: '20261129-3a53b04ef46e', rootHash: null, agentId: null, zookeeperId: '1' },
    ...{
      standIns: [],
      scheduler: 'marathon',
      identityFailed: null,
      writes: true,
      elections: null,
      agent: null,
    },
    zookeeper: elected ? 'leader' : 'follower',
    master: { elected, recovered: elected, leader: '10.77.0.11:5050', quorum: 1, agents: 1 },
    marathon: { leader: '10.77.0.11:8080', apps: null },
    ...more,
  };
}

/** The facts of a rehearsal in which master-1 leads for ten seconds, then master-2. */
export function rehearsalFacts(): RehearsalFacts {
  const seconds = Array.from({ length: 20 }, (_, index) => 1_796_054_700 + index);
  const version = { version: '20261129-3a53b04ef46e', rootHash: hex('c') };
  return {
    rehearsal: {
      outcomes: [
        { name: 'rise', result: 'passed', seconds: 9, begunAt: 1_796_054_700_000, saw: '2 masters' },
        {
          name: 'leader',
          result: 'failed',
          seconds: 10,
          begunAt: 1_796_054_709_000,
          saw: 'no leader within 40 s',
        },
        { name: 'drift', result: 'not run', seconds: 0, saw: 'leader failed before' },
      ],
      accelerator: 'tcg',
      versions: { master: version, slave: version },
    },
    nodes: [
      { node: 'master-1', samples: seconds.map((at, index) => masterSample(at, index < 10)) },
      {
        node: 'master-2',
        samples: seconds.map((at, index) => masterSample(at, index >= 10, { address: '10.77.0.12' })),
      },
    ],
    logs: [{ href: 'rehearsal.txt', name: 'rehearsal.txt', bytes: 10, text: '' }],
  };
}

/** The history of some versions of both roles. */
export function historyEntries(count: number): HistoryEntry[] {
  return Array.from({ length: count }, (_, index) => ({
    role: index % 2 === 0 ? 'master' : 'slave',
    version: `202611${String(10 + index)}-${'ab'.repeat(6)}`,
    latest: index >= count - 2,
    published: `2026-11-${String(10 + index)}T16:00:55Z`,
    rootBytes: 220_000_000 + index * 1_000_000,
    diskBytes: 250_000_000,
    packages: 300 + index,
    bakeSeconds: 400 - index,
    cachedStages: index,
    bootSeconds: index === 1 ? null : 150 + index,
    bootUntil: index === 1 ? null : 'healthy',
    accelerator: 'tcg',
  }));
}
