import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { makeHost } from '../../../src/host/make-host.ts';
import { ociDigest } from '../../../src/oci/descriptor.ts';
import type { AdmittedVersion } from '../../../src/publish/admit.ts';
import { publishToRegistry } from '../../../src/publish/oci/publish-registry.ts';
import { rejection, sharedFolder, temporaryFolder } from '../../samples/temporary.ts';
import { type DoubleOptions, RegistryDouble } from '../oci/registry-double.ts';
import { requestOf, smallVersion } from './small-version.ts';

const host = makeHost();
const folder = sharedFolder();
let version: AdmittedVersion;
beforeAll(async () => {
  version = await smallVersion(folder());
});

async function started(options: DoubleOptions): Promise<RegistryDouble> {
  const double = await new RegistryDouble(options).start();
  onTestFinished(() => {
    double.stop();
  });
  return double;
}

/** An environment with a login of a registry, as docker login leaves it. */
async function loggedIn(at: string, entry: Record<string, string>): Promise<Record<string, string>> {
  const home = await temporaryFolder();
  await mkdir(join(home, '.docker'));
  await writeFile(join(home, '.docker/config.json'), JSON.stringify({ auths: { [at]: entry } }));
  return { HOME: home };
}

const auth = Buffer.from('baker:secret').toString('base64');
const publish = (double: RegistryDouble, env: Record<string, string>) =>
  publishToRegistry(host, requestOf(`oci+http://${double.host}/team/demo:stable`, env, version), {
    retries: { attempts: 2, delayMs: () => 0 },
    chunkBytes: 2000,
  });

describe('a registry that gives tokens', () => {
  test.each([false, true])(
    'gets one for its service and scope, in both forms of an answer (%j)',
    async (form) => {
      const double = await started({ tokens: true });
      double.tokens.oauthField = form;
      await publish(double, await loggedIn(double.host, { auth }));
      expect(double.manifests.has('stable')).toBe(true);
      expect(double.tokens.asked.at(-1)).toMatchObject({
        ...{ method: 'GET', service: 'registry.example', login: 'baker:secret' },
        scopes: ['repository:team/demo:pull,push'],
      });
    },
  );

  test('takes an identity token, which is sent only to the server of tokens', async () => {
    const double = await started({ tokens: true });
    const env = await loggedIn(double.host, { identitytoken: double.tokens.refreshToken, auth: 'eA==' });
    await publish(double, env);
    expect(double.tokens.asked.at(-1)).toMatchObject({ method: 'POST', grant: 'refresh_token' });
    expect(double.tokens.asked.every(({ login }) => login === undefined)).toBe(true);
  });

  test('whose tokens expire all the time is asked for new ones, also in the middle of an upload', async () => {
    const double = await started({ tokens: true });
    double.tokens.uses = 8;
    await publish(double, await loggedIn(double.host, { auth }));
    expect(double.tokens.asked.length).toBeGreaterThan(3);
    const root = version.digests.get('root.squashfs') ?? '';
    expect(ociDigest(double.blobs.get(`sha256:${root}`) ?? Buffer.alloc(0))).toBe(`sha256:${root}`);
  });

  test.each([
    ['may only read', { auth }, ['pull']],
    ['is not known', { auth: Buffer.from('baker:wrong secret').toString('base64') }, undefined],
    ['is missing', {}, undefined],
  ])('refuses a login that %s: an error without the secret, and no endless loop', async (_, entry, may) => {
    const double = await started({ tokens: true });
    if (may !== undefined) double.tokens.allowed['baker:secret'] = may;
    const error = await rejection(publish(double, await loggedIn(double.host, entry)));
    expect(error.code).toBe('wrong-credentials');
    expect(`${error.message} ${error.hint ?? ''} ${error.excerpt.join()}`).not.toMatch(/secret/);
    expect(double.tokens.asked.length).toBeLessThan(12);
    expect(double.manifests.size).toBe(0);
  });

  test('gets no login if it names a server of tokens without encryption and was not addressed so', async () => {
    const double = await started({ tokens: true });
    const work = publishToRegistry(host, requestOf(`oci://${double.host}/team/demo:stable`, {}, version), {
      retries: { attempts: 1, delayMs: () => 0 },
    });
    expect((await rejection(work)).code).toBe('registry-failed');
    expect(double.tokens.asked).toEqual([]);
  });
});

describe('a registry with the interface for referrers', () => {
  test.each([undefined, 1])(
    'lists the documents about a version, in pages of %j; there is no tag for them',
    async (pageSize) => {
      const double = await started({ referrers: true, ...(pageSize === undefined ? {} : { pageSize }) });
      await publish(double, {});
      const subject = ociDigest(double.manifests.get(`master-${version.version}`)?.bytes ?? Buffer.alloc(0));
      expect(double.referrersOf(subject).map(({ artifactType }) => artifactType)).toEqual([
        'application/vnd.cyclonedx+json',
      ]);
      expect([...double.manifests.keys()].filter((name) => name.startsWith('sha256-'))).toEqual([]);
    },
  );

  test('and without it: the same documents are listed by a tag', async () => {
    const double = await started({});
    await publish(double, {});
    const subject = ociDigest(double.manifests.get(`master-${version.version}`)?.bytes ?? Buffer.alloc(0));
    const listed = double.manifests.get(subject.replace(':', '-'))?.bytes.toString() ?? '{}';
    const { manifests } = JSON.parse(listed) as { manifests: { artifactType: string }[] };
    expect(manifests.map(({ artifactType }) => artifactType)).toEqual(['application/vnd.cyclonedx+json']);
  });
});
