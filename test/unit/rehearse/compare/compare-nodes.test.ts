import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllowedDifferences } from '../../../../src/rehearse/compare/allowed.ts';
import { compareNodes } from '../../../../src/rehearse/compare/compare-nodes.ts';
import { comparedTable } from '../../../../src/rehearse/compare/compared-table.ts';
import { parseNodeInventory } from '../../../../src/rehearse/compare/inventory.ts';

const file = join(import.meta.dirname, '../../../../images/node-differences.yaml');
const rules = parseAllowedDifferences(readFileSync(file, 'utf8'), 'node-differences.yaml');

/** An inventory of facts: name → value, or value and the value without what is the node's own. */
const inventory = (facts: Readonly<Record<string, string | readonly [string, string]>>) =>
  parseNodeInventory(
    Object.entries(facts)
      .map(([what, value]) => {
        const [is, own] = typeof value === 'string' ? [value, value] : value;
        return `${JSON.stringify({ what, is, own })}\n`;
      })
      .join(''),
  );

const base = { 'root roothash': 'aaaa', 'kernel version': 'Linux', 'setting vm/swappiness': '1' };
const refusedBy = (one: Parameters<typeof inventory>[0], two: Parameters<typeof inventory>[0]) =>
  compareNodes(inventory({ ...base, ...one }), inventory({ ...base, ...two }), rules).flatMap(
    ({ refused }) => refused,
  );

describe('two nodes of a role', () => {
  it('that are equal have nothing that differs', () => {
    const compared = compareNodes(inventory(base), inventory(base), rules);
    expect(compared.flatMap(({ allowed, refused }) => [...allowed, ...refused])).toEqual([]);
    expect(compared.reduce((sum, { equal }) => sum + equal, 0)).toBe(3);
  });

  it('may differ in a file that contains the address, if only in the address', () => {
    const hosts = (is: string, own: string) => ({ 'above the root /etc/hosts': [is, own] as const });
    expect(refusedBy(hosts('-rw 1', '-rw x'), hosts('-rw 2', '-rw x'))).toEqual([]);
    expect(refusedBy(hosts('-rw 1', '-rw x'), hosts('-rw 2', '-rw y'))).toEqual([
      'above the root /etc/hosts: -rw 1 and -rw 2',
    ]);
  });

  it('may each have their own host key', () => {
    const key = 'state /var/lib/ingot/state/ssh/ssh_host_ed25519_key';
    expect(refusedBy({ [key]: '-rw 1' }, { [key]: '-rw 2' })).toEqual([]);
  });

  it.each([
    ['another root', { 'root roothash': 'bbbb' }],
    ['another kernel setting', { 'setting vm/swappiness': '60' }],
    ['a file that the other does not have', { 'above the root /etc/cron.d/extra': '-rw 1' }],
    ['a service that the other does not have', { 'runs extra.service': 'yes' }],
    ['an open port that the other does not have', { 'listens tcp any 23': 'user 0' }],
    ['a kernel module that the other does not have', { 'module loop2': 'loaded' }],
    ['an address in an unknown file', { 'above the root /etc/new': ['1', 'x'] as const }],
  ])('must not differ in %s', (_, changed) => {
    expect(refusedBy({}, changed)).toHaveLength(1);
  });
});

describe('the table', () => {
  it('has a line for each kind, and each reason once', () => {
    const compared = compareNodes(
      inventory({
        ...base,
        'above the root /etc/hosts': ['1', 'x'],
        'above the root /etc/hostname': ['1', 'x'],
      }),
      inventory({
        ...base,
        'above the root /etc/hosts': ['2', 'x'],
        'above the root /etc/hostname': ['2', 'x'],
        'unit a': 'on',
      }),
      rules,
    );
    const table = comparedTable(['slave-1', 'slave-2'], compared);
    expect(table).toMatch(/^slave-1 and slave-2 +equal +allowed +refused$/m);
    expect(table).toMatch(/^golden root +1 +0 +0$/m);
    expect(table).toMatch(/^files above the root +0 +2 +0$/m);
    expect(table).toContain("may differ: /etc/hosts (the node's own name and address)");
    expect(table).toContain('MUST NOT DIFFER: unit a: only the second has it');
  });
});

describe('images/node-differences.yaml', () => {
  it('allows no root, service, port or unit to differ', () => {
    const kinds = rules.map(({ what }) => what);
    expect(kinds.filter((what) => /^(root|kernel version|runs|listens|unit|module) /.test(what))).toEqual([]);
  });

  it('is refused with the rule that is wrong', () => {
    expect(() => parseAllowedDifferences('- what: x\n  how: maybe\n  why: y\n', 'that.yaml')).toThrow(
      'that.yaml',
    );
  });
});
