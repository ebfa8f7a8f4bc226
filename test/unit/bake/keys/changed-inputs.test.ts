import { expect, test } from 'vitest';
import { stageOf } from '../../../../src/bake/keys/bake-stages.ts';
import { changedInputs } from '../../../../src/bake/keys/changed-inputs.ts';
import { lockedPackage, sampleLock } from '../../../samples/lock.ts';
import {
  sampleMaterial,
  stagesOf,
  withFile,
  withPlan,
  withProgram,
  withRole,
} from '../../../samples/stages.ts';

type Material = typeof sampleMaterial;
const inputsOf = (name: string) => (material: Material) => stageOf(stagesOf(material), name, 'slave').inputs;
const treeOf = inputsOf('tree');
const packagesOf = inputsOf('packages');
const changesOf = inputsOf('changes');
const withPackage = (version: string, sha256 = 'c'.repeat(64)) => ({
  ...sampleMaterial,
  lock: sampleLock({
    ...sampleMaterial.lock.packages,
    slave: [lockedPackage('docker', { version, sha256 })],
  }),
});

test('equal inputs are not mentioned', () => {
  expect(changedInputs(treeOf(sampleMaterial), treeOf(sampleMaterial))).toEqual([]);
});

test('a file is named by its path, as changed, new or removed', () => {
  const before = treeOf(sampleMaterial);
  const changed = treeOf(withFile('images/common/rootfs/etc/chrony/chrony.conf'));
  expect(changedInputs(before, changed)).toEqual(['images/common/rootfs/etc/chrony/chrony.conf changed']);
  const tool = treeOf(withFile('node-tools/ingot_node/drift/patterns.py'));
  expect(changedInputs(before, tool)).toEqual(['node-tools/ingot_node/drift/patterns.py changed']);
  const more = treeOf(withFile('images/slave/rootfs/etc/new'));
  expect(changedInputs(before, more)).toEqual(['images/slave/rootfs/etc/new is new']);
  expect(changedInputs(more, before)).toEqual(['images/slave/rootfs/etc/new was removed']);
});

test('a package is named with both versions, or with what else differs', () => {
  const before = packagesOf(withPackage('3.8.0-11'));
  expect(changedInputs(before, packagesOf(withPackage('3.8.0-12')))).toEqual([
    'package docker 3.8.0-11 → 3.8.0-12',
  ]);
  expect(changedInputs(before, packagesOf(withPackage('3.8.0-11', 'd'.repeat(64))))).toEqual([
    'package docker 3.8.0-11 has other bytes',
  ]);
  const without = { ...sampleMaterial, lock: sampleLock({ ...sampleMaterial.lock.packages, slave: [] }) };
  expect(changedInputs(before, packagesOf(without))).toEqual(['package docker 3.8.0-11 was removed']);
  expect(changedInputs(packagesOf(without), before)).toEqual(['package docker 3.8.0-11 is new']);
});

test('a program and a setting are named with both values', () => {
  expect(changedInputs(changesOf(sampleMaterial), changesOf(withProgram('packer', '1.7.0')))).toEqual([
    'program packer 1.0-1 → 1.7.0',
  ]);
  const other = changesOf(withRole('slave', { kernelArguments: ['quiet', 'nosmt'] }));
  expect(changedInputs(changesOf(sampleMaterial), other)).toEqual([
    'setting kernel arguments "quiet" → "quiet nosmt"',
    'packer/cluster.pkr.hcl is rendered differently',
    'tree slave changed',
  ]);
});

test('a long setting is reported as changed, without its text', () => {
  const units = Array.from({ length: 20 }, (_, number) => `unit-${number}.service`);
  const other = treeOf(withRole('slave', { unitsMasked: units }));
  expect(changedInputs(treeOf(sampleMaterial), other)).toEqual([
    'setting units masked changed',
    '/usr/lib/ingot/units-masked is rendered differently',
  ]);
});

test('a text that is rendered differently is named by its path on the node, after the setting that explains it', () => {
  const before = treeOf(sampleMaterial);
  const confirmed = treeOf(withPlan({ confirmMinutes: 99 }));
  const timer = '/usr/lib/systemd/system/ingot-trial-deadline.timer.d/10-spec.conf';
  expect(changedInputs(before, confirmed)).toEqual([
    'setting updates.confirmMinutes "15" → "99"',
    `${timer} is rendered differently`,
  ]);
  const without = Object.fromEntries(
    Object.entries(before).filter(([label]) => label !== `rendered ${timer}`),
  );
  expect(changedInputs(without, before)).toEqual([`${timer} is rendered now`]);
  expect(changedInputs(before, without)).toEqual([`${timer} is no longer rendered`]);
});

test('a field of the plan that no known stage uses is named', () => {
  const plan = { ...sampleMaterial.plan, isNew: 3 };
  const shared = (material: Material) => stageOf(stagesOf(material), 'shared', null).inputs;
  expect(changedInputs(shared(sampleMaterial), shared({ ...sampleMaterial, plan }))).toEqual([
    'setting isNew is new',
  ]);
});

test('changes by a person come before their consequences', () => {
  const both = { ...withFile('images/common/steps/30-units/do.sh'), code: 'e'.repeat(64) };
  expect(changedInputs(changesOf(sampleMaterial), changesOf(both))).toEqual([
    'images/common/steps/30-units/do.sh changed',
    "ingot's own code changed",
    'tree slave changed',
  ]);
});
