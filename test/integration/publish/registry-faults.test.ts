import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeHost } from '../../../src/host/make-host.ts';
import { parseRegistryAddress } from '../../../src/oci/address.ts';
import { ociDigest } from '../../../src/oci/descriptor.ts';
import { indexBytes, mediaTypes, parseIndex, parseManifest } from '../../../src/oci/manifest.ts';
import { putManifest } from '../../../src/oci/manifests.ts';
import { openRegistry } from '../../../src/oci/registry.ts';
import type { AdmittedVersion } from '../../../src/publish/admit.ts';
import { publishToRegistry } from '../../../src/publish/oci/publish-registry.ts';
import { rejection, sharedFolder } from '../../samples/temporary.ts';
import { allFaults, type Fault, type FaultProxy, startFaultProxy } from '../oci/fault-proxy.ts';
import { type RegistryServer, startRegistry } from '../oci/registry-server.ts';
import { requestOf, smallVersion } from './small-version.ts';

const host = makeHost();
const folder = sharedFolder();
const tuning = { retries: { attempts: 3, delayMs: () => 0 }, chunkBytes: 2000 };

let registry: RegistryServer;
let proxy: FaultProxy;
let version: AdmittedVersion;
beforeAll(async () => {
  // Without a login: it has tests of its own, and takes most of the time of a request.
  registry = await startRegistry({ login: false });
  proxy = await startFaultProxy(registry.host, registry.ca);
  await registry.trust(proxy.host);
  version = await smallVersion(folder());
});
afterAll(async () => {
  await proxy.stop();
  await registry.stop();
});

/** Only the certificate of the test: those of a whole system take most of the time of a small publication. */
const env = () => ({ ...registry.env, SSL_CERT_FILE: join(registry.ca.folder, 'ca.pem') });

const publish = (repository: string, attempts = 3) =>
  publishToRegistry(host, requestOf(`oci://${proxy.host}/${repository}:stable`, env(), version), {
    ...tuning,
    retries: { ...tuning.retries, attempts },
  });

const storage = () => join(registry.storage, 'docker/registry/v2');
const blob = (digest: string) => {
  const hex = digest.replace('sha256:', '');
  return readFileSync(join(storage(), 'blobs/sha256', hex.slice(0, 2), hex, 'data'));
};

/** The digest of a tag, and whether the registry has everything that it leads to, by the files of its storage. */
function stored(repository: string): { tag: string | undefined; whole: boolean } {
  const files = join(storage(), 'repositories', repository);
  const link = join(files, '_manifests/tags/stable/current/link');
  if (!existsSync(link)) return { tag: undefined, whole: false };
  const tag = readFileSync(link, 'utf8');
  const manifests = parseIndex(blob(tag).toString())?.manifests ?? [];
  const whole = manifests.every(({ digest }) => {
    const manifest = parseManifest(blob(digest).toString());
    const blobs = manifest === undefined ? [] : [manifest.config, ...manifest.layers];
    return blobs.every(
      (one) =>
        ociDigest(blob(one.digest)) === one.digest &&
        existsSync(join(files, '_layers', one.digest.replace(':', '/'), 'link')),
    );
  });
  return { tag, whole: whole && manifests.length === 1 };
}

describe('a registry that fails once at every request', () => {
  test.each(allFaults)('and %s: everything is published', async (fault: Fault) => {
    const repository = `once/${fault.replaceAll(' ', '-')}`;
    const seen = new Set<string>();
    proxy.plan((_, request) => {
      // A session has a new name each time.
      const name = request.replace(/uploads\/.+/, 'uploads/');
      if (seen.has(name)) return undefined;
      seen.add(name);
      return fault;
    });
    const { address } = await publish(repository, 5);
    const { tag, whole } = stored(repository);
    expect(whole).toBe(true);
    expect(address).toContain(`@${tag ?? ''}`);
    expect([...seen].filter((one) => one.startsWith('PATCH')).length).toBeGreaterThan(0);
  });
});

/** A tag from before that shares nothing with the version. */
async function putOldTag(repository: string): Promise<void> {
  const address = parseRegistryAddress(`oci://${registry.host}/${repository}`);
  const signal = new AbortController().signal;
  const opened = await openRegistry(host, address, { env: env(), signal, actions: 'pull,push' });
  await putManifest(opened, mediaTypes.index, indexBytes([]), 'stable');
  opened.close();
}

test('a registry that fails for good at any request leaves the tag as it was; a later run completes the work', async () => {
  proxy.plan(() => undefined);
  await publish(`count-${Date.now()}`);
  const requests = [...proxy.requests];
  const moves = requests.findLastIndex((request) => request.startsWith('PUT'));
  for (let cut = 0; cut <= moves; cut += 1) {
    // Every seventh time there is an old tag, and the work is completed after the failure.
    const thorough = cut % 7 === 0 || cut === moves;
    const repository = `for-good/${cut}`;
    proxy.plan(() => undefined);
    if (thorough) await putOldTag(repository);
    const before = stored(repository);
    proxy.plan((index) => (index >= cut ? (cut % 2 === 0 ? 'cuts before' : 'answers 500') : undefined));
    expect([cut, (await rejection(publish(repository, 1))).code]).toEqual([cut, 'registry-failed']);
    expect([cut, stored(repository)]).toEqual([cut, before]);
    if (!thorough) continue;
    proxy.plan(() => undefined);
    const { address } = await publish(repository);
    const { tag, whole } = stored(repository);
    expect([cut, whole, address.endsWith(tag ?? '')]).toEqual([cut, true, true]);
    expect(tag).not.toBe(before.tag);
  }
  expect(moves).toBeGreaterThan(30);
});
