import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { publishShape } from '../../../src/cli/shapes/publish-shapes.ts';
import { rejection } from '../../samples/temporary.ts';
import { type CopiedStore, day, versions, withStore } from '../channel/channel-store.ts';
import { type RegistryServer, startRegistry } from '../oci/registry-server.ts';

const sign = ['--sign', 'release.pem'];
const key = ['--key', 'release.pub.pem'];
const name = (index: 0 | 1): string => versions[index].version;
const own = ({ folder }: CopiedStore, channel: string) =>
  readFile(join(folder, 'out', 'channels', `${channel}.dsse.json`), 'utf8');

async function publish({ ingot }: CopiedStore, to: string, index: 0 | 1, ...more: string[]) {
  const { out, err } = await ingot('publish', to, `out/slave/${name(index)}`, ...key, '--json', ...more);
  return { ...publishShape.parse(JSON.parse(out)), err };
}

describe('a folder that a web server serves', () => {
  const copy = ({ folder }: CopiedStore, channel: string) =>
    readFile(join(folder, 'boot', 'channels', `${channel}.dsse.json`), 'utf8');

  test('gets the channels and the revoked versions of the store, and says where a version is', () =>
    withStore(async (store) => {
      await store.ingot('promote', name(0), 'candidate', ...sign);
      expect((await publish(store, 'boot', 0)).channels).toEqual(['candidate']);
      expect(await copy(store, 'candidate')).toBe(await own(store, 'candidate'));
      const locator = await readFile(join(store.folder, 'boot', 'slave', `${name(0)}.json`), 'utf8');
      const { path } = JSON.parse(locator) as { path: string };
      expect(existsSync(join(store.folder, 'boot', path, 'SHA256SUMS.dsse'))).toBe(true);
      expect((await publish(store, 'boot', 0)).channels).toEqual([]);

      await store.ingot('promote', name(1), 'candidate', ...sign);
      await store.ingot('revoke', name(0), '--why', 'the agent leaks', ...sign);
      // The list comes first: the pointer names its number.
      expect((await publish(store, 'boot', 1)).channels).toEqual(['revoked', 'candidate']);
      expect(await copy(store, 'revoked')).toBe(await own(store, 'revoked'));
    }));

  test('gets no pointer to a version that it does not have', () =>
    withStore(async (store) => {
      await store.ingot('promote', name(0), 'candidate', ...sign);
      const { channels, err } = await publish(store, 'boot', 1);
      expect(channels).toEqual([]);
      expect(err).toContain(`does not have slave/${name(0)}`);
      expect((await publish(store, 'boot', 0)).channels).toEqual(['candidate']);
    }));

  test('is not changed by a store with an older pointer', () =>
    withStore(async (store) => {
      await store.ingot('promote', name(0), 'candidate', ...sign);
      await publish(store, 'boot', 0);
      const before = await copy(store, 'candidate');
      // Another store, which was never told.
      await rm(join(store.folder, 'out', 'channels'), { recursive: true });
      await rm(join(store.folder, 'state'), { recursive: true });
      await store.ingotAt(Date.now() + 1000, 'promote', name(1), 'candidate', ...sign);
      const error = await rejection(publish(store, 'boot', 1));
      expect(error.code).toBe('rolled-back-channel');
      expect(await copy(store, 'candidate')).toBe(before);
      expect(existsSync(join(store.folder, 'boot', 'slave', `${name(1)}.json`))).toBe(false);
    }));

  test('gets no channel that no key of --key signed, and nothing without a key', () =>
    withStore(async (store) => {
      await store.ingot('promote', name(0), 'candidate', ...sign);
      const { out } = await store.ingot(
        'publish',
        'boot',
        `out/slave/${name(0)}`,
        '--allow-unverified',
        '--json',
      );
      expect(publishShape.parse(JSON.parse(out)).channels).toEqual([]);
      await writeFile(join(store.folder, 'out', 'channels', 'candidate.dsse.json'), '{}');
      const { channels, err } = await publish(store, 'boot', 0);
      expect(channels).toEqual([]);
      expect(err).toContain('candidate.dsse.json is not copied');
      expect(existsSync(join(store.folder, 'boot', 'channels'))).toBe(false);
    }));
});

describe('a registry', () => {
  let registry: RegistryServer;
  beforeAll(async () => {
    registry = await startRegistry({ login: false });
  });
  afterAll(() => registry.stop());
  const env = () => registry.env;
  let count = 0;
  const repository = () => `oci://${registry.host}/channels-${(count += 1)}`;
  const pull = ({ ingot }: CopiedStore, from: string, ...more: string[]) =>
    ingot('pull', from, ...key, '--out', 'pulled', ...more);

  test('gives what a channel names; a version that was revoked meanwhile is refused, and so is an older pointer', () =>
    withStore(async (store) => {
      const at = repository();
      await store.ingot('promote', name(0), 'candidate', ...sign);
      expect((await publish(store, `${at}:a`, 0)).channels).toEqual(['candidate']);
      expect((await pull(store, at, '--channel', 'candidate')).out).toContain(name(0));
      await store.ingot('promote', name(1), 'candidate', ...sign);
      await store.ingot('revoke', name(0), '--why', 'the agent leaks', ...sign);
      expect((await publish(store, `${at}:b`, 1)).channels).toEqual(['revoked', 'candidate']);
      expect((await pull(store, at, '--channel', 'candidate')).out).toContain(name(1));
      // The tag still leads to it.
      expect((await rejection(pull(store, `${at}:a`))).code).toBe('revoked-version');

      const late = rejection(
        store.ingotAt(Date.now() + 40 * day, 'pull', at, ...key, '--channel', 'candidate'),
      );
      expect((await late).code).toBe('expired-channel');
      await rm(join(store.folder, 'out', 'channels'), { recursive: true });
      await rm(join(store.folder, 'state'), { recursive: true });
      await store.ingot('promote', name(0), 'candidate', ...sign);
      expect((await rejection(publish(store, `${at}:c`, 0))).code).toBe('rolled-back-channel');
    }, env));

  test('without channels is as it was; a channel that it does not have is an error, and a tag with --channel too', () =>
    withStore(async (store) => {
      const at = repository();
      expect((await publish(store, `${at}:a`, 0)).channels).toEqual([]);
      expect((await pull(store, `${at}:a`)).exitCode).toBe(0);
      expect((await rejection(pull(store, at, '--channel', 'stable'))).code).toBe('no-image');
      expect((await pull(store, `${at}:a`, '--channel', 'stable')).exitCode).toBe(2);
      expect((await rejection(publish(store, `${at}:channels`, 0))).code).toBe('wrong-usage');
    }, env));
});
