import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allowed } from './allowed-changes.ts';
import { type Line, lookAt, makeGolden, says, type Seen } from './look-at-nodes.ts';
import type { Plant } from './plant.ts';
import { apart, plants } from './plants.ts';

const folder = mkdtempSync(join(tmpdir(), 'ingot-golden-'));
const page = readFileSync(new URL('../../../../docs/drift.md', import.meta.url), 'utf8');
const inTable = page.split('\n').map((line) => line.replaceAll(/\s+/g, ' '));

const programs = ['debsums', 'aide'] as const;
type Program = (typeof programs)[number];
const classes = ['fixed', 'derived', 'forbidden', 'running'] as const;
// debsums stops at a package for which dpkg has no list.
const alone = ({ name }: Plant): boolean => apart.has(name) || name === 'a package';
const ofClass = (klass: Plant['class']): readonly Plant[] => plants.filter((one) => one.class === klass);
/** The node with all plants of a class that do not interfere with each other. */
const nodeOfClass = (klass: Plant['class']): { name: string; plant: string } => ({
  name: klass,
  plant: ofClass(klass)
    .filter((one) => !alone(one))
    .map(({ plant }) => plant)
    .join('\n'),
});

let seen: Map<string, Seen>;
const of = (name: string): Seen => {
  const one = seen.get(name);
  if (one === undefined) throw new Error(`no node ${name}`);
  return one;
};
const nodeOf = (planted: Plant): Seen => of(alone(planted) ? planted.name : planted.class);
const found = (planted: Plant): boolean =>
  (nodeOf(planted).lines.slice(1) as Line[]).map(says).includes(says(planted));

/** The file of a drift, "" if it has none: for an account its table, for a package dpkg's list. */
function fileOf({ path }: Plant): string {
  if (path.startsWith('package:')) return '/var/lib/dpkg/status';
  return path.startsWith('/') ? path.replace(/:.*$/, '') : '';
}

/** Whether debsums or aide reports the file or something in it; for what no file shows, whether it reports anything. */
function tells(program: Program, planted: Plant): boolean {
  const file = fileOf(planted);
  const said = nodeOf(planted).peers[program] ?? [];
  if (file === '') return said.length > 0;
  if (program === 'debsums') return said.some((line) => line.includes(file));
  return said.some((path) => path === file || path.startsWith(`${file}/`));
}

/** For each of the two programs, how many of these it reports. */
const reported = <T>(some: readonly T[], tell: (program: Program, one: T) => boolean): number[] =>
  programs.map((program) => some.filter((one) => tell(program, one)).length);
const row = (...cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;

beforeAll(async () => {
  await makeGolden(join(folder, 'golden'));
  const nodes = [...classes.map(nodeOfClass), ...plants.filter(alone), ...allowed];
  seen = await lookAt(nodes, join(folder, 'golden'), { peers: true });
}, 600_000);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('the table of docs/drift.md: the same drifts, checked with debsums and aide', () => {
  it.each(classes)('has the number of class %s that each of them finds', (klass) => {
    const planted = ofClass(klass);
    expect(inTable).toContain(
      row(klass, planted.length, planted.filter(found).length, ...reported(planted, tells)),
    );
  });

  it('has the number of false alarms of each of them', () => {
    const alarms = allowed.filter(({ name }) => of(name).exit !== 0);
    const others = reported(allowed, (program, { name }) => (of(name).peers[program] ?? []).length > 0);
    expect(inTable).toContain(row('none of it is drift', allowed.length, alarms.length, ...others));
  });

  it('is from programs that really ran', () => {
    const { debsums, aide } = of('a changed program').peers;
    expect(debsums).toEqual(['/usr/bin/ls']);
    expect(aide).toContain('/usr/bin/ls');
    expect(of('nothing').peers).toEqual({ debsums: [], aide: [] });
  });
});
