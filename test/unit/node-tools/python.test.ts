import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const nodeTools = join(import.meta.dirname, '../../../node-tools');

// Every test of node-tools/test is a test here, so that it is counted and named if it fails.
const ran = spawnSync(
  'python3',
  ['-B', '-m', 'unittest', 'discover', '-v', '-s', join(nodeTools, 'test'), '-t', nodeTools],
  { encoding: 'utf8', env: { PATH: process.env['PATH'] } },
);
const results = [...ran.stderr.matchAll(/^test_(\w+) \(test\.(\S+)\)(?:\n.*)? \.\.\. (.*)$/gm)].map(
  ([, name = '', where = '', outcome = '']) => ({
    name: `${where.split('.').slice(0, 2).join('.')}: ${name.replaceAll('_', ' ')}`,
    outcome,
  }),
);

test.each(results)('ingot_node, $name', ({ outcome }) => {
  expect(outcome, ran.stderr).toBe('ok');
});

test('every Python test that was found has run', () => {
  expect(ran.stderr).toMatch(new RegExp(`^Ran ${results.length} tests? in`, 'm'));
  expect([ran.status, results.length > 50], ran.stderr).toEqual([0, true]);
});
