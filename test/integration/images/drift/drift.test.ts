import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allowed as allowedInTheOverlay } from './allowed-changes.ts';
import { lasting, lastingAllowed } from './lasting-plants.ts';
import { type Line, lookAt, makeGolden, says, type Seen } from './look-at-nodes.ts';
import { apart, plants as inTheOverlay } from './plants.ts';

const plants = [...inTheOverlay, ...lasting];
const allowed = [...allowedInTheOverlay, ...lastingAllowed];

const twin = 'the same drift on another node';
const together = 'all at once';
const atOnce = inTheOverlay.filter(({ name }) => !apart.has(name));

const folder = mkdtempSync(join(tmpdir(), 'ingot-golden-'));
let seen: Map<string, Seen>;
const of = (name: string): Seen => {
  const one = seen.get(name);
  if (one === undefined) throw new Error(`no node ${name}`);
  return one;
};
const drifts = (name: string): Line[] => of(name).lines.slice(1) as Line[];

// A hundred nodes take 40 s, and four times as long while five emulated machines run.
const patience = 600_000;

beforeAll(async () => {
  const joined = atOnce.map(({ plant }) => `(${plant})`).join('\n');
  await makeGolden(join(folder, 'golden'));
  const others = [
    { name: twin, plant: plants[0]?.plant ?? '' },
    { name: together, plant: joined },
    { name: 'no golden root', plant: 'umount run/ingot/lower; rmdir run/ingot/lower' },
  ];
  seen = await lookAt([...plants, ...allowed, ...others], join(folder, 'golden'));
}, patience);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('ingot-drift', () => {
  it('finds at least fifty kinds of drift', () => {
    expect(new Set(plants.map(says)).size).toBeGreaterThanOrEqual(50);
  });

  it.each(plants)('finds $name, and nothing else', (planted) => {
    const { exit, error } = of(planted.name);
    expect(exit, error).toBe(3);
    expect(drifts(planted.name).map(says)).toEqual([says(planted)]);
  });

  it.each(allowed)('finds no drift in $name', ({ name }) => {
    const { exit, error } = of(name);
    expect(drifts(name)).toEqual([]);
    expect(exit, error).toBe(0);
  });

  it('finds all of them at once', () => {
    const found = new Set(drifts(together).map(says));
    expect(atOnce.map(says).filter((one) => !found.has(one))).toEqual([]);
    expect(of(together).lines[0].drift).toBe(found.size);
  });

  it('has one digest for all nodes without drift, and another for each node with drift', () => {
    const clean = new Set(allowed.map(({ name }) => of(name).lines[0].digest));
    expect(clean.size).toBe(1);
    const digests = new Set(plants.map(({ name }) => of(name).lines[0].digest));
    expect(digests.size).toBe(plants.length);
    expect([...clean].filter((one) => digests.has(one))).toEqual([]);
  });

  it('has the same digests for the same drift on two nodes, by class and top folder', () => {
    const [one, other] = [of(plants[0]?.name ?? '').lines[0], of(twin).lines[0]];
    expect(one.digest).toBe(other.digest);
    expect(one.tree).toEqual(other.tree);
    expect(Object.keys(one.tree)).toEqual(['forbidden']);
    expect(Object.keys(one.tree['forbidden']?.folders ?? {})).toEqual(['/opt']);
  });

  it('shows the differences of a text, but nothing of a secret', () => {
    expect(drifts('another configuration of the agent')[0]?.diff).toEqual(['-docker,mesos', '+mesos']);
    expect(JSON.stringify(drifts('a password'))).not.toContain('$6$');
  });

  it('shows in the head that the kernel does not verify the root', () => {
    expect(of('nothing').lines[0].verified).toBe(true);
    expect(of('a root that the kernel does not verify').lines[0].verified).toBe(false);
  });

  it('writes its answer and a textfile atomically', () => {
    const { left, lines } = of('a second root user');
    const kept = (left['drift.json'] ?? '')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(kept).toEqual(lines);
    expect(left['ingot.prom']).toContain('ingot_drift_paths{class="forbidden"} 1\n');
    expect(left['ingot.prom']).toContain(`digest="${lines[0].digest}"} 1\n`);
  });

  it('fails with the reason, and writes nothing, if there is no golden root', () => {
    const { exit, error, left } = of('no golden root');
    expect(exit).toBe(1);
    expect(error).toContain('the golden root is missing');
    expect(left).toEqual({});
  });
});
