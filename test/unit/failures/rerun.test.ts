import { expect, it, test } from 'vitest';
import { type FailurePlace, rerunOf } from '../../../src/failures/rerun.ts';

const bake = (args: readonly string[], input: Record<string, unknown> = {}) => ({
  name: 'bake',
  args: ['bake', 'cluster.yaml', ...args],
  input: { spec: 'cluster.yaml', ...input },
});
const at = (stages: readonly string[], more: Partial<FailurePlace> = {}): FailurePlace => ({
  ...{ stages, role: undefined, hasMaster: false, ...more },
});

test.each([
  ['the lock', bake([]), at(['lock']), 'ingot lock cluster.yaml'],
  [
    'the lock with a pool',
    bake(['--pool', 'p q'], { pool: 'p q' }),
    at(['lock']),
    "ingot lock cluster.yaml --pool 'p q'",
  ],
  [
    'a step of the master',
    bake(['--out', 'o']),
    at(['bake'], { role: 'master' }),
    'ingot bake cluster.yaml --out o --role master',
  ],
  [
    'a step of the slave, where the store has a master',
    bake([]),
    at(['bake'], { role: 'slave', hasMaster: true }),
    'ingot bake cluster.yaml --role slave',
  ],
  ['both roles', bake([]), at(['bake']), 'ingot bake cluster.yaml'],
  [
    'the boot test, which needs both',
    bake([]),
    at(['verify'], { role: 'slave', hasMaster: true }),
    'ingot bake cluster.yaml',
  ],
  [
    'one role that was asked for',
    bake(['--role', 'slave'], { role: 'slave' }),
    at(['seal', 'slave'], { role: 'slave', hasMaster: true }),
    'ingot bake cluster.yaml --role slave',
  ],
  [
    'a drill',
    { name: 'rehearse', args: ['rehearse', 'cluster.yaml', '--quick'], input: {} },
    at(['rehearse', 'kill-leader']),
    'ingot rehearse cluster.yaml --drills kill-leader',
  ],
  [
    'a boot test',
    { name: 'boot-test', args: ['boot-test', 'cluster.yaml'], input: {} },
    at(['verify']),
    'ingot boot-test cluster.yaml',
  ],
] as const)('%s is run again by itself', (_, command, place, again) => {
  expect(rerunOf(command, place)?.command).toBe(again);
});

it('a first bake of the slave does not run without the master, whose boot test it needs', () => {
  expect(rerunOf(bake([]), at(['compose', 'slave'], { role: 'slave' }))?.command).toBe(
    'ingot bake cluster.yaml',
  );
});

it('without a cache nothing is promised to come from it', () => {
  expect(rerunOf(bake(['--no-cache'], { cache: false }), at(['seal']))?.does).toMatch(
    /every stage runs again/,
  );
});

it('a command without parts has no such line', () => {
  expect(rerunOf({ name: 'check', args: ['check', 'cluster.yaml'], input: {} }, at([]))).toBeUndefined();
});
