import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lookAt, makeGolden, says, type Line, type Seen } from './look-at-nodes.ts';
import { allowed, plants, type Plant } from './plants.ts';

const folder = mkdtempSync(join(tmpdir(), 'ingot-golden-'));
const page = readFileSync(new URL('../../../../docs/drift.md', import.meta.url), 'utf8');

let seen: Map<string, Seen>;
const of = (name: string): Seen => {
  const one = seen.get(name);
  if (one === undefined) throw new Error(`no node ${name}`);
  return one;
};
const found = (planted: Plant): boolean =>
  (of(planted.name).lines.slice(1) as Line[]).map(says).includes(says(planted));

/** The file of a drift, "" if it has none: of an account its table, of a package dpkg's list. */
const fileOf = ({ path }: { path: string }): string =>
  path.startsWith('package:') ? '/var/lib/dpkg/status' : path.startsWith('/') ? path.replace(/:.*$/, '') : '';

/** Whether the other program says something of the file, its folder or what is in it; of what no file shows, whatever it says. */
function names(program: 'debsums' | 'aide', planted: { name: string; path?: string }): boolean {
  const said = of(planted.name).peers[program] ?? [];
  const file = planted.path === undefined ? '' : fileOf({ path: planted.path });
  if (file === '') return said.length > 0;
  if (program === 'debsums') return said.some((line) => line.includes(file));
  return said.some((path) => path === file || path === dirname(file) || path.startsWith(`${file}/`));
}

/** A row of the page's table: what was planted, how many, and how many of them each program names. */
function row(what: string, some: readonly { name: string }[], ours: number): string {
  const by = (program: 'debsums' | 'aide'): number => some.filter((one) => names(program, one)).length;
  return `| ${[what, some.length, ours, by('debsums'), by('aide')].join(' | ')} |`;
}
const ofClass = (klass: Plant['class']): readonly Plant[] => plants.filter((one) => one.class === klass);
const inTable = page.split('\n').map((line) => line.replaceAll(/\s+/g, ' '));

beforeAll(async () => {
  await makeGolden(join(folder, 'golden'));
  seen = await lookAt([...plants, ...allowed], join(folder, 'golden'), { peers: true });
}, 900_000);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('the table of docs/drift.md: the same drifts, given to debsums and aide', () => {
  it.each(['fixed', 'derived', 'forbidden', 'running'] as const)(
    'says how many of class %s each of them finds',
    (klass) => {
      const planted = ofClass(klass);
      expect(inTable).toContain(row(klass, planted, planted.filter(found).length));
    },
  );

  it('says how often each of them alarms for what a node may do', () => {
    const alarms = allowed.filter(({ name }) => of(name).exit !== 0);
    expect(inTable).toContain(row('none of it is drift', allowed, alarms.length));
  });

  it('comes of programs that were really asked', () => {
    const { debsums, aide } = of('a changed program').peers;
    expect(debsums?.join()).toContain('/usr/bin/ls');
    expect(aide).toContain('/usr/bin/ls');
    expect(of('nothing').peers).toEqual({ debsums: [], aide: [] });
  });
});
