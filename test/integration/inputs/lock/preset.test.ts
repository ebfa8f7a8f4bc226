import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeHost } from '../../../../src/host/make-host.ts';
import { clusterd } from '../../../../src/inputs/cluster-spec/presets/clusterd.ts';
import type { Preset } from '../../../../src/inputs/cluster-spec/presets/preset.ts';
import { parseLock } from '../../../../src/inputs/lock/lock-file.ts';
import { exportLock, importLock } from '../../../../src/inputs/lock-archive.ts';
import { stalenessOf } from '../../../../src/inputs/lock-staleness.ts';
import { fromPreset, type PresetSettings } from '../../../../src/inputs/plan/preset-source.ts';
import { spacedFingerprint } from '../../../../src/inputs/plan/spaced-fingerprint.ts';
import { pooledPath } from '../../../../src/inputs/pool/pool.ts';
import { rejection } from '../../../samples/temporary.ts';
import { answer, type AnsweringServer } from './answering-server.ts';
import { lockIn, toyPlan } from './toy-lock.ts';
import { endKey, makeKey, publish, type ToyKey } from './toy-source.ts';

const host = makeHost();
let all: string;
let vendor: ToyKey;
let site: ToyKey;
let server: AnsweringServer;
let preset: Preset;
let siteFingerprint: string;
let number = 0;

const gpg = async ({ home }: Pick<ToyKey, 'home'>, ...args: string[]): Promise<string> =>
  (await host.run('gpg', ['--homedir', home, '--batch', '--yes', '--passphrase', '', ...args])).stdout;
const fingerprintOf = async (key: Pick<ToyKey, 'home'>): Promise<string> =>
  /^fpr:+([0-9A-F]+):/m.exec(await gpg(key, '--with-colons', '-k'))?.[1] ?? '';
const at = (path: string): string => `http://127.0.0.1:${server.port}/${path}`;

/** A key that was valid for a year (old.asc), and the same key after its owner extended it (now.asc). */
async function extendedKey(folder: string): Promise<ToyKey> {
  const home = join(folder, 'gnupg');
  await mkdir(home, { recursive: true, mode: 0o700 });
  const made = { home, publicKey: join(folder, 'now.asc') };
  const year = [
    '--faked-system-time',
    '20250101T000000',
    '--quick-gen-key',
    'vendor <v@example.org>',
    'ed25519',
    'sign',
    '1y',
  ];
  await gpg(made, ...year);
  await gpg(made, '--armor', '--output', join(folder, 'old.asc'), '--export');
  await gpg(made, '--quick-set-expire', await fingerprintOf(made), '0');
  await gpg(made, '--armor', '--output', made.publicKey, '--export');
  return made;
}

beforeAll(async () => {
  all = await mkdtemp(join(tmpdir(), 'ingot-preset-'));
  vendor = await extendedKey(join(all, 'vendor'));
  site = await makeKey(join(all, 'site'));
  siteFingerprint = await fingerprintOf(site);
  server = await answer(all, 'bob', 'hunter2');
  await publish(join(all, 'repository'), vendor, [{ name: 'aventer-mesos', version: '1.11.0-1' }]);
  await publish(join(all, 'resigned'), site, [{ name: 'aventer-mesos', version: '1.11.0-1' }]);
  preset = {
    ...clusterd,
    url: at('repository'),
    suites: ['toy'],
    key: { url: at('vendor/now.asc'), fingerprint: await fingerprintOf(vendor) },
  };
});
afterAll(async () => {
  await server.close();
  await endKey(vendor);
  await endKey(site);
  await rm(all, { recursive: true, force: true });
});

const planOf = (wishes: PresetSettings, of = preset) => {
  const { sources, packages } = fromPreset(of, wishes, 'toy', all);
  return toyPlan(sources, packages);
};

async function lockWith(wishes: PresetSettings = {}, of = preset, spec = 'mesos: clusterd\n') {
  const folder = join(all, `spec-${number++}`);
  await mkdir(folder);
  await writeFile(join(folder, 'cluster.yaml'), spec);
  const plan = planOf(wishes, of);
  return { folder, plan, made: await lockIn(folder, plan) };
}
const refused = (wishes: PresetSettings = {}, of = preset, spec?: string) =>
  rejection(lockWith(wishes, of, spec));
const keyAt = (path: string): Preset => ({ ...preset, key: { ...preset.key, url: at(path) } });

describe('a preset is locked with the key that ingot knows', () => {
  test('the key is fetched, goes into the pool, and is in the lock by digest and fingerprint', async () => {
    const { made, folder, plan } = await lockWith();
    const [source] = made.lock.sources;
    expect(source?.key?.fingerprints).toEqual([preset.key.fingerprint]);
    expect(source?.release.keys).toEqual([preset.key.fingerprint]);
    const pooled = pooledPath(join(folder, 'pool'), source?.key?.sha256 ?? '');
    expect(await readFile(pooled)).toEqual(await readFile(join(all, 'vendor/now.asc')));
    expect(made.lock.packages.shared.map(({ name, version }) => `${name} ${version}`)).toEqual([
      'aventer-mesos 1.11.0-1',
    ]);
    const text = await readFile(join(folder, 'cluster.lock.json'), 'utf8');
    expect(parseLock(text, 'x')).toEqual(made.lock);
    expect(text).not.toContain('127.0.0.1');
    expect(await stalenessOf(made.lock, plan, join(folder, 'cluster.yaml'))).toEqual([]);
  });

  test('the next lock takes the key from the pool, and --update fetches it', async () => {
    const { folder } = await lockWith();
    const gone = planOf({}, { ...keyAt('404/key.asc') });
    const more = { ...gone, sharedPackages: ['aventer-mesos=1.11.0-1'] };
    expect((await lockIn(folder, more)).written).toBe(true);
    expect((await rejection(lockIn(folder, gone, { update: 'all' }))).message).toContain('cannot be fetched');
  });

  test('a lock with another key no longer matches', async () => {
    const { made, folder } = await lockWith();
    const other = planOf({}, { ...preset, key: { ...preset.key, fingerprint: siteFingerprint } });
    const [added, gone] = await stalenessOf(made.lock, other, join(folder, 'cluster.yaml'));
    expect(added).toBe(`sources: + mesos (toy) main signed with ${siteFingerprint}`);
    expect(gone).toBe(`sources: - mesos (toy) main signed with ${preset.key.fingerprint}`);
  });

  test('the key is exported with the lock; a lock whose key is no longer in the pool is exported without it', async () => {
    const { made, folder } = await lockWith();
    const [pool, tar, there] = [join(folder, 'pool'), join(folder, 'one.tar'), join(folder, 'there')];
    await exportLock(host, made.lock, pool, tar);
    const key = made.lock.sources[0]?.key?.sha256 ?? '';
    expect(await importLock(host, tar, there)).toEqual(made.lock);
    expect(existsSync(pooledPath(there, key))).toBe(true);
    await rm(pooledPath(pool, key));
    await exportLock(host, made.lock, pool, tar);
    expect(await importLock(host, tar, join(folder, 'bare'))).toEqual(made.lock);
    expect(existsSync(pooledPath(join(folder, 'bare'), key))).toBe(false);
  });

  test('version: selects that version; a version that the source does not have is refused and named', async () => {
    const { made } = await lockWith({ version: '1.11.0-1' });
    expect(made.lock.question.packages.shared).toEqual(['aventer-mesos=1.11.0-1']);
    expect((await refused({ version: '1.11.0-9' })).excerpt.join()).toContain('1.11.0-9');
  });
});

describe('any other key is refused, at its place in the spec', () => {
  test('another fingerprint: both are shown', async () => {
    const error = await refused({}, keyAt('site/key.asc'));
    expect(error.message).toContain('cluster.yaml:1:8: ');
    expect(error.message).toContain(
      `the key of the preset clusterd is ${spacedFingerprint(preset.key.fingerprint)}, but ${at('site/key.asc')} has ${spacedFingerprint(siteFingerprint)}`,
    );
    expect(error.exitCode).toBe(2);
  });

  test('an old copy of the right key: since when, and what to do; none of apt’s messages', async () => {
    const error = await refused({}, keyAt('vendor/old.asc'));
    expect(error.message).toContain('the key of the preset clusterd has expired on 2026-01-01');
    expect(error.message).toContain('mesos: { preset: clusterd, key: FILE }');
    expect(error.message).not.toContain('EXPKEYSIG');
    const file = join(all, 'vendor/old.asc');
    const named = await refused({ key: file }, preset, `mesos:\n  preset: clusterd\n  key: ${file}\n`);
    expect(named.message).toContain(
      'cluster.yaml:3:8: the key of the preset clusterd has expired on 2026-01-01',
    );
    const { made } = await lockWith({ key: join(all, 'vendor/now.asc') }, keyAt('vendor/old.asc'));
    expect(made.written).toBe(true);
  });

  test('a file with the right key and another: only the right key may sign the source', async () => {
    const both = join(all, 'both.asc');
    await writeFile(
      both,
      Buffer.concat(await Promise.all([vendor, site].map(({ publicKey }) => readFile(publicKey)))),
    );
    expect((await lockWith({}, keyAt('both.asc'))).made.written).toBe(true);
    const error = await refused({}, { ...keyAt('both.asc'), url: at('resigned') });
    expect(error.message).toContain(
      `it is signed with the key ${siteFingerprint.slice(-16)}, not with that of the preset clusterd, ${spacedFingerprint(preset.key.fingerprint)}`,
    );
  });

  test('a web page in place of the key', async () => {
    await writeFile(join(all, 'page.asc'), '<!DOCTYPE html><html>login</html>');
    const error = await refused({}, keyAt('page.asc'));
    expect(error.message).toContain(
      `the key of the preset clusterd: ${at('page.asc')} is an HTML page, not a key`,
    );
  });
});

describe('an unreachable address is reported with what the spec can contain instead', () => {
  // apt waits between its attempts; the tests run in parallel so that they wait at the same time.
  test.concurrent.each([
    [
      'a host that does not resolve',
      'http://nowhere.invalid/k.asc',
      'the host name nowhere.invalid does not resolve',
      1,
    ],
    ['a port without a listener', 'http://127.0.0.1:1/k.asc', 'the connection is refused', 1],
    ['a key that does not exist', () => at('404/k.asc'), 'it is not there', 2],
  ])('the key: %s', async (_, url, why, exitCode) => {
    const key = { ...preset.key, url: typeof url === 'string' ? url : url() };
    const error = await refused({}, { ...preset, key });
    expect(error.message).toContain(
      `the key of the preset clusterd cannot be fetched from ${key.url}: ${why}`,
    );
    expect(error.hint).toContain('mesos: { preset: clusterd, key: FILE }');
    expect(error.hint).toContain('mesos: { mirror: URL, key: FILE }');
    expect(error.exitCode).toBe(exitCode);
  });

  test('the key, through a proxy that does not answer', async () => {
    process.env['http_proxy'] = 'http://me:secret@127.0.0.1:2/';
    const error = await refused().finally(() => {
      delete process.env['http_proxy'];
    });
    expect(error.message).toContain('the proxy http://127.0.0.1:2/ does not answer');
    expect(`${error.message}${error.hint ?? ''}`).not.toContain('secret');
  });

  test('the source itself', async () => {
    const error = await refused({}, { ...preset, url: 'http://127.0.0.1:1/debian' });
    expect(error.message).toContain(
      'the source mesos (http://127.0.0.1:1/debian/ toy): the connection is refused: nothing listens there',
    );
    expect(error.hint).toContain('mesos: { mirror: URL }');
  });

  test('an expired Release file: since when, and validUntil where this is intended', async () => {
    await publish(join(all, 'aged'), vendor, [{ name: 'aventer-mesos', version: '1.11.0-1' }], {
      fields: 'Valid-Until: Sun, 22 Nov 2026 00:00:00 UTC\n',
    });
    const error = await refused({}, { ...preset, url: at('aged') });
    expect(error.message).toContain('its Release file has expired on 2026-11-22');
    expect(error.hint).toContain('mesos: { preset: clusterd, validUntil: false }');
    const { made } = await lockWith({ validUntil: false }, { ...preset, url: at('aged') });
    expect(made.lock.sources[0]?.release.validUntil).toBe('unchecked');
  });
});

describe('a mirror of the site', () => {
  const elsewhere = (): Preset => ({ ...preset, url: 'http://127.0.0.1:1/debian' });

  test("may have the owner's signature, whose key is fetched as usual", async () => {
    const { made } = await lockWith({ mirror: at('repository') }, elsewhere());
    expect(made.lock.sources[0]?.release.keys).toEqual([preset.key.fingerprint]);
    const error = await refused({ mirror: at('resigned') }, elsewhere());
    expect(error.message).toContain('not with that of the preset clusterd');
    expect(error.hint).toContain('name your key as key next to mirror');
  });

  test('may be signed with a key of the site, which is then the only one, and nothing is fetched from the owner', async () => {
    const unreachable = { ...elsewhere(), key: { ...preset.key, url: 'http://127.0.0.1:1/k.asc' } };
    const { made } = await lockWith({ mirror: at('resigned'), key: site.publicKey }, unreachable);
    expect(made.lock.sources[0]?.release.keys).toEqual([siteFingerprint]);
    expect(made.lock.question.sources[0]?.signer).toBeUndefined();
    const error = await refused({ mirror: at('repository'), key: site.publicKey }, unreachable);
    expect(error.message).toContain(
      `it is signed with the key ${preset.key.fingerprint.slice(-16)}, which was not given`,
    );
  });

  test('with the owner’s signature and a local copy of its key needs nothing from the owner’s hosts', async () => {
    const unreachable = { ...elsewhere(), key: { ...preset.key, url: 'http://127.0.0.1:1/k.asc' } };
    const { made } = await lockWith({ mirror: at('repository'), key: vendor.publicKey }, unreachable);
    expect(made.lock.sources[0]?.release.keys).toEqual([preset.key.fingerprint]);
  });
});
