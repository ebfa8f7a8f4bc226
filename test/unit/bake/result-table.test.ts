import { expect, test } from 'vitest';
import type { BakeResult, PublishedImage } from '../../../src/bake/bake-result.ts';
import { resultTable } from '../../../src/bake/result-table.ts';

const image: PublishedImage = {
  role: 'master',
  version: '20261122-0123456789ab',
  rootHash: 'ab'.repeat(32),
  folder: '/out/master/20261122-0123456789ab',
  rootBytes: 300 * 1024 ** 2,
  diskBytes: { 'disk.qcow2': 400 * 1024 ** 2 },
  standIns: [],
  weight: [{ name: 'mesos', bytes: 3 * 1024 ** 2, foreign: true, brings: [], bringsBytes: 0 }],
  payload: { layout: 'clusterd', scheduler: 'none' },
  verified: {
    role: 'master',
    firmware: 'uefi',
    accelerator: 'tcg',
    secondsToSsh: 41.26,
    checks: [{ name: 'zookeeper', saw: 'ok', seconds: 1 }],
    boot: {
      healthySeconds: 62.04,
      stages: [
        { name: 'firmware', seconds: 1.2 },
        { name: 'loader', seconds: 60.84 },
      ],
    },
  },
};

const result: BakeResult = {
  images: [image],
  unchanged: [],
  fromCache: [],
  otherPrograms: [],
  signedBy: undefined,
  seconds: { 'compose shared': 30.04, bake: 120, 'compress master': 8, 'assemble master': 6 },
  accelerator: 'KVM boots a kernel here',
  logs: '/out/runs/x/logs',
};

test('the final table has the version, size, root hash, boot test and folder of each image, and the time of each stage', () => {
  expect(resultTable(result, 120 * 1024 ** 2)).toBe(`
master
  version    20261122-0123456789ab
  root hash  ${'ab'.repeat(32)}
  size       root 300 MiB, disk.qcow2 400 MiB
  weight     mesos 3.0 MiB
  runs       Mesos in the layout clusterd, scheduler none
  boot test  booted by UEFI, ssh after 41.3 s, 1 checks passed
  boot       healthy 62.0 s after power-on: firmware 1.2 s, loader 60.8 s
  folder     /out/master/20261122-0123456789ab

stages
  compose shared   30.0 s
  bake             120.0 s
  compress master  8.0 s
  assemble master  6.0 s

  assembling   all artifacts of the master took 0.8 times as long as its compression
  peak memory  120 MiB (ingot itself)
  logs         /out/runs/x/logs
`);
});

test('the table shows which stages came from the cache, and which role is unchanged', () => {
  const unchanged = [{ role: 'slave' as const, version: '20261122-ba9876543210', folder: '/out/slave/x' }];
  const text = resultTable({ ...result, unchanged, fromCache: ['packages master', 'tree master'] }, 0);
  expect(text).toContain('  from the cache  packages master, tree master\n');
  expect(text).toContain('slave\n  version    20261122-ba9876543210\n  unchanged  ');
});

test('the table shows that an image with stand-ins is not for production, and lists them', () => {
  const standIns = ['marathon 1.11.24-1.standin1', 'mesos 1.9.0-1.standin1'];
  const text = resultTable({ ...result, images: [{ ...image, standIns }, image] }, 0);
  const marked = text.split('\n').filter((line) => line.includes('NOT FOR PRODUCTION'));
  expect(marked).toEqual([
    '  NOT FOR PRODUCTION  holds stand-ins: marathon 1.11.24-1.standin1, mesos 1.9.0-1.standin1',
  ]);
});
