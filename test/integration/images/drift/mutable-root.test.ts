import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeManifest } from '../../../../src/bake/seal/write-manifest.ts';
import { makeHost } from '../../../../src/host/make-host.ts';
import { allowed } from './allowed-changes.ts';
import { type Line, lookAt, makeGolden, says, type Seen } from './look-at-nodes.ts';
import type { Plant } from './plant.ts';
import { plants } from './plants.ts';

const host = makeHost();
const folder = mkdtempSync(join(tmpdir(), 'ingot-golden-'));
const [golden, manifest] = [join(folder, 'golden'), join(folder, 'manifest.json')];

// What no file shows is checked only on a running node, and /run and /dev are not part of a root.
const isOfRoot = ({ class: klass, path }: Plant): boolean =>
  klass !== 'running' && !/^\/(?:run|dev)\//.test(path);
// The overlay reports these in another way: it has the old content, a folder that hides another, and a lower layer that
// a time can be copied from.
const otherwise = new Map([
  ['a second root user', 'forbidden /etc/passwd content'],
  ['a second line for the same root user', 'forbidden /etc/passwd content'],
  ['a password', 'forbidden /etc/shadow content'],
  ['a member of the group sudo', 'forbidden /etc/group content'],
  ['a package', 'fixed /var/lib/dpkg/status content'],
  ['another version of a package', 'fixed /var/lib/dpkg/status content'],
  ['a recreated folder', 'fixed /usr/share/doc/a deleted'],
]);
const oldTime = 'changed content of the same size with the old time';
const ofRoot = plants.filter(isOfRoot).filter(({ name }) => name !== oldTime);
const replaced =
  'printf "[]\\n" >x; touch -r etc/docker/daemon.json x; cat x >etc/docker/daemon.json; touch -r x etc/docker/daemon.json; rm x';
const clean = { name: 'nothing', plant: ':' };

let whole: Map<string, Seen>;
let sampled: Map<string, Seen>;
let nothing: Map<string, Seen>;
const of = (seen: Map<string, Seen>, name: string): Seen => {
  const one = seen.get(name);
  if (one === undefined) throw new Error(`no node ${name}`);
  return one;
};
const drifts = (one: Seen): string[] => (one.lines.slice(1) as Line[]).map(says);

beforeAll(async () => {
  await makeGolden(golden);
  const none = { name: '', size: 0, sha256: '' };
  const head = { role: 'slave', epoch: 1795305600, compressionLevel: 3, boot: { kernel: none, initrd: none } } as const; // prettier-ignore
  await writeManifest(host, golden, { head, file: manifest });
  const same = allowed.filter(({ name }) => !name.startsWith('a full disk'));
  whole = await lookAt([...ofRoot, ...same, { name: oldTime, plant: replaced }], golden, { manifest, options: [] }); // prettier-ignore
  const rest = ['--budget=0', '--sample=one'];
  nothing = await lookAt([clean, { name: 'a changed program', plant: 'echo x >>usr/bin/ls' }], golden, { manifest, options: rest }); // prettier-ignore
  sampled = await lookAt([clean], golden, { manifest, options: ['--budget=1', '--sample=one'] });
}, 600_000);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('ingot-drift --manifest, on a root without dm-verity', () => {
  it.each(ofRoot)('finds $name, and nothing else', (planted) => {
    const one = of(whole, planted.name);
    expect(one.exit, one.error).toBe(3);
    expect(drifts(one)).toEqual([otherwise.get(planted.name) ?? says(planted)]);
  });

  it('finds changed content of the same size with the old time, within its budget', () => {
    expect(drifts(of(whole, oldTime))).toEqual(['fixed /etc/docker/daemon.json content']);
  });

  it.each(allowed.filter(({ name }) => !name.startsWith('a full disk')))(
    'finds no drift in $name',
    ({ name }) => {
      const one = of(whole, name);
      expect(drifts(one)).toEqual([]);
      expect(one.exit, one.error).toBe(0);
    },
  );

  it('reports that the root is not verified, and the version of the manifest', () => {
    const [head] = of(whole, clean.name).lines;
    expect(head.verified).toBe(false);
    expect(head.version).toMatch(/^20261122-[0-9a-f]{12}$/);
  });

  it('reports how much of the content it read', () => {
    const [{ scan }] = of(sampled, clean.name).lines;
    expect(scan?.left).toBe(0);
    expect((scan?.changed ?? 0) + (scan?.grave ?? 0) + (scan?.sampled ?? 0)).toBe(scan?.files);
    expect(scan?.bytesRead).toBeGreaterThan(0);
  });

  it('checks the metadata of every path without a budget, and counts the files whose content it did not read', () => {
    const [{ scan }] = of(nothing, clean.name).lines;
    expect(scan?.bytesRead).toBe(0);
    expect(scan?.left).toBeGreaterThan(0);
    expect(drifts(of(nothing, 'a changed program'))).toEqual(['fixed /usr/bin/ls content']);
  });
});
