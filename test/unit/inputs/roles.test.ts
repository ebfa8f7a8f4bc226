import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { allRoles, isRole, roles } from '../../../src/inputs/roles.ts';

describe('the table of roles', () => {
  test('has the two roles of images/, in the order in which they are shown', () => {
    expect(allRoles).toEqual(['master', 'slave']);
    expect(Object.keys(roles)).toEqual([...allRoles]);
    for (const role of allRoles) expect(existsSync(`images/${role}/image.yaml`), role).toBe(true);
  });

  test('boots every firmware in a bake, and each node with its own address', () => {
    const nodes = allRoles.map((role) => roles[role].bootTest);
    expect(nodes.map(({ firmware }) => firmware).sort()).toEqual(['bios', 'uefi']);
    for (const key of ['address', 'mac'] as const)
      expect(new Set(nodes.map((node) => node[key])).size).toBe(allRoles.length);
  });

  test('boots no node next to one that itself needs another', () => {
    for (const role of allRoles) {
      const { needs } = roles[role].bootTest;
      if (needs !== undefined) expect(roles[needs].bootTest.needs).toBeUndefined();
    }
  });

  test('assigns no program and no inventory group to both roles', () => {
    for (const key of ['runs', 'inventoryGroups'] as const) {
      const all = allRoles.flatMap((role): readonly string[] => roles[role][key]);
      expect(new Set(all).size).toBe(all.length);
    }
  });

  test('has the port that the checks of a master use', () => {
    const checks = readFileSync('images/master/image.yaml', 'utf8');
    expect(checks).toContain(`/usr/lib/ingot/check/metric ${roles.master.mesos.port} `);
  });
});

test('only the names of roles are roles', () => {
  expect(['master', 'slave', 'agent', '', undefined, 'toString'].filter(isRole)).toEqual([...allRoles]);
});
