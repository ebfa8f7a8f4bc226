import { lstat, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Lock, packagesOf } from '../../../../src/inputs/lock/lock.ts';
import { sourceOf } from '../../../../src/inputs/plan/package-origin.ts';
import { pooledPath } from '../../../../src/inputs/pool/pool.ts';
import { encodePath } from '../../../../src/inputs/url/canonical-url.ts';
import { rejection } from '../../../samples/temporary.ts';
import { lockIn, toyPlan } from './toy-lock.ts';
import { endKey, makeKey, publish, publishFlat, type ToyDeb, type ToyKey } from './toy-source.ts';

const debs: readonly ToyDeb[] = [
  { name: 'tool', version: '2:1.0~rc1+b1-1', depends: 'libtool-one' },
  { name: 'libtool-one', version: '1.0-1' },
];
let all: string;
let key: ToyKey;
let number = 0;

beforeAll(async () => {
  all = await mkdtemp(join(tmpdir(), 'ingot-forms-'));
  key = await makeKey(all);
});
afterAll(async () => {
  await endKey(key);
  await rm(all, { recursive: true, force: true });
});

const from = (url: string, suite = 'toy', more: { readonly validUntil?: false } = {}) => ({
  ...sourceOf({ url, key: key.publicKey, ...more }, [suite], all),
  label: 'mesos',
});
const lockFrom = (source: ReturnType<typeof from>) =>
  lockIn(join(all, `spec-${number++}`), toyPlan([source]));

async function isComplete(lock: Lock, folder = `spec-${number - 1}`): Promise<void> {
  expect(lock.packages.shared.map(({ name }) => name)).toEqual(['libtool-one', 'tool']);
  expect(lock.sources[0]?.release.keys).toHaveLength(1);
  for (const { sha256, size } of packagesOf(lock)) {
    const found = await lstat(pooledPath(join(all, folder, 'pool'), sha256));
    expect([found.isFile(), found.size]).toEqual([true, size]);
  }
}

describe('a source in a folder of this machine', () => {
  test.each([
    ['file:///', (path: string) => `file://${path}`],
    ["file:/, apt's own form", (path: string) => `file:${path}`],
    [
      'file: in capitals, with slashes at its end and a double slash',
      (path: string) => `FILE://${path.replaceAll('/', '//')}//`,
    ],
    ['file://localhost/', (path: string) => `file://localhost${path}`],
  ])('as %s is locked, and its packages are in the pool as files', async (_, url) => {
    const site = join(all, 'site~1');
    await publish(site, key, debs);
    await isComplete((await lockFrom(from(url(site)))).lock);
  });

  test('may have any name', async () => {
    const site = join(all, 'a b%41 "q\' é,;:=#[x]$(ARCH)\\{y}');
    await publish(site, key, debs);
    await isComplete((await lockFrom(from(`file:${encodePath(site)}`))).lock);
  });
});

describe('a flat repository', () => {
  test.each([
    ['binary/', 'from the folder'],
    ['binary/', 'from the source'],
    ['/', 'from the source'],
    ['./', 'from the folder'],
    ['./Deep/er/', 'from the source'],
  ] as const)('with the suite %s, its index made %s, is locked', async (suite, indexed) => {
    const site = join(all, `flat-${number}`);
    await publishFlat(site, suite, { key, debs, indexed });
    await isComplete((await lockFrom(from(`file:${site}`, suite))).lock);
  });
});

test('a suite with capital letters is locked', async () => {
  const site = join(all, 'capital');
  await publish(site, key, debs, { suite: 'Stable-2' });
  await isComplete((await lockFrom(from(`file:${site}`, 'Stable-2'))).lock);
});

test('an unknown component is named', async () => {
  const site = join(all, 'component');
  await publish(site, key, debs);
  const error = await rejection(lockFrom({ ...from(`file:${site}`), components: ['contrib'] }));
  expect(error.message).toBe('a source has no packages for this architecture and these components:');
  expect(error.excerpt.join()).toContain('contrib');
});

describe('a source whose Release file has expired', () => {
  const fields = 'Valid-Until: Thu, 01 Oct 2026 00:00:00 UTC\n';

  test('is refused with the date, and the hint names validUntil', async () => {
    const site = join(all, 'expired');
    await publish(site, key, debs, { fields });
    const error = await rejection(lockFrom(from(`file:${site}`)));
    expect(error.message).toContain('its Release file has expired on 2026-10-01 00:00 UTC');
    expect(error.hint).toContain('validUntil: false');
  });

  test('is accepted if the spec has validUntil: false, and the lock records it', async () => {
    const site = join(all, 'snapshot');
    await publish(site, key, debs, { fields });
    const { lock } = await lockFrom(from(`file:${site}`, 'toy', { validUntil: false }));
    expect(lock.sources[0]?.release.validUntil).toBe('unchecked');
    const text = await readFile(join(all, `spec-${number - 1}`, 'cluster.lock.json'), 'utf8');
    expect(text).toContain('"validUntil": "unchecked"');
  });
});

test('the key of a source may have any format and any name', async () => {
  const site = join(all, 'keys');
  await publish(site, key, debs);
  const armoured = await readFile(key.publicKey, 'utf8');
  const file = join(all, 'a key, armoured [1].gpg');
  await writeFile(file, `\ufeff${armoured.replaceAll('\n', '\r\n')}`);
  const { lock } = await lockFrom({ ...from(`file:${site}`), signedBy: file });
  await isComplete(lock);
});
