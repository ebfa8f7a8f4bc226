import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { loadTemplates } from '../../../../src/inputs/load-templates.ts';
import { allTargets, targetsOf } from '../../../../src/inputs/targets/all-targets.ts';
import type { Target } from '../../../../src/inputs/targets/target.ts';
import { disksOf, linksOf, textsOf, textsWithRootHash } from '../../../../src/inputs/targets/target-files.ts';
import { requiredFiles } from '../../../../src/version/check-consistency.ts';

const templates = await loadTemplates('templates');
const artifacts = await readFile('docs/artifacts.md', 'utf8');

/** Every path that a target makes in a version. */
const pathsOf = (target: Target): readonly string[] => [
  ...textsOf(target).map(({ folder, name }) => `${folder}/${name}`),
  ...target.disks.map(({ path }) => path),
  ...Object.keys(target.links),
];

describe.each(allTargets.map((target) => [target.name, target] as const))('the target %s', (name, target) => {
  test('has a template for each of its texts', () => {
    for (const { template } of textsOf(target)) expect(templates.has(template), template).toBe(true);
  });

  test('makes files that are in no other target and in no version without targets', () => {
    const others = allTargets.filter((other) => other !== target).flatMap(pathsOf);
    expect(pathsOf(target).length).toBeGreaterThan(0);
    for (const path of pathsOf(target)) expect([...others, ...requiredFiles]).not.toContain(path);
  });

  test('links only to files that every version has, and copies only disks of other targets', () => {
    for (const of of Object.values(target.links)) expect(requiredFiles).toContain(of);
    const disks = allTargets.flatMap((other) => (other === target ? [] : other.disks));
    for (const { sameAs } of target.disks)
      if (sameAs !== undefined) expect(disks.map(({ path }) => path)).toContain(sameAs);
  });

  test('names the root hash only in texts that it has', () => {
    for (const path of textsWithRootHash([target])) expect(pathsOf(target)).toContain(path);
  });

  test('is in docs/artifacts.md, with every file that it makes', () => {
    const row = artifacts.split('\n').find((line) => line.startsWith(`| \`${name}\``)) ?? '';
    const files = [...textsOf(target).map((text) => text.name), ...target.disks.map(({ path }) => path)];
    for (const file of files) expect(row).toContain(file.split('/').at(-1));
  });

  test('has a former name that no current target has', () => {
    for (const former of target.formerNames ?? [])
      expect(allTargets.map((other) => other.name)).not.toContain(former);
  });
});

describe('the files of several targets', () => {
  test('are made once: the disk of EC2 is a link to the raw one if both are requested', () => {
    const both = targetsOf(['raw', 'ec2']);
    expect(disksOf(both).map(({ path }) => path)).toEqual(['disk.raw.zst']);
    expect(linksOf(both)).toEqual({ 'cloud/disk.raw.zst': 'disk.raw.zst' });
    const alone = targetsOf(['qcow2', 'ec2']);
    expect(disksOf(alone).map(({ path }) => path)).toEqual(['disk.qcow2', 'cloud/disk.raw.zst']);
    expect(linksOf(alone)).toEqual({});
  });

  test('are in the order of the list, however a spec orders them', () => {
    expect(targetsOf(['ec2', 'qcow2']).map(({ name }) => name)).toEqual(['qcow2', 'ec2']);
  });
});
