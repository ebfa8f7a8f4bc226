import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pathGlob } from '../../../src/inputs/plan/path-glob.ts';
import { project } from '../built-ingot.ts';

test('globs of drift.d have the same meaning in check as in ingot-drift on a node', () => {
  const part = fc.constantFrom('/', 'a', 'b', '.', '*', '**', '?', '+', '[', '(', '\\', '$', 'ä', '\n');
  const text = fc.constantFrom('/', 'a', 'b', '.', '+', '[', '(', '\\', '$', 'ä', '\n');
  const joined = (one: fc.Arbitrary<string>) => fc.array(one, { maxLength: 6 }).map((all) => all.join(''));
  const pairs = fc.sample(fc.tuple(joined(part), joined(text)), 4000);
  // Texts that are likely to match the globs.
  const meant = pairs.map(
    ([glob, rest]) => [glob, glob.replaceAll('**', rest).replaceAll('*', 'a').replaceAll('?', 'b')] as const,
  );
  const all = [...pairs, ...meant];
  const program = `
import json, sys
sys.path.insert(0, sys.argv[1])
from ingot_node.drift.patterns import fits
print(json.dumps([fits(glob, text) for glob, text in json.load(sys.stdin)]))
`;
  const folder = join(project, 'node-tools');
  const there = JSON.parse(
    execFileSync('python3', ['-B', '-c', program, folder], { encoding: 'utf8', input: JSON.stringify(all) }),
  ) as boolean[];
  expect(all.filter(([glob, one], index) => pathGlob(glob)(one) !== there[index])).toEqual([]);
  expect(there.filter(Boolean).length).toBeGreaterThan(1000);
});
