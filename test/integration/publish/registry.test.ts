import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { commandLine } from '../../../src/cli/command-line.ts';
import { publishShape, pullShape } from '../../../src/cli/shapes/publish-shapes.ts';
import { rejection, temporaryFolder } from '../../samples/temporary.ts';
import { fakeWorld } from '../../samples/world.ts';
import { startFaultProxy } from '../oci/fault-proxy.ts';
import { password, type RegistryServer, startRegistry, user } from '../oci/registry-server.ts';
import { whole, withCopy, work } from '../version/signed-whole-version.ts';

let registry: RegistryServer;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.stop());

async function ingot(args: readonly string[], env: Readonly<Record<string, string>> = registry.env) {
  const { world, out, err } = fakeWorld({ cwd: work, env });
  const error = await commandLine(world, args).then(
    () => undefined,
    (cause: unknown) => rejection(Promise.reject(cause as Error)),
  );
  return { error, out: out(), err: err() };
}

const at = (repository: string, tag = 'stable') => `oci://${registry.host}/${repository}:${tag}`;
const publish = (to: string, folder = whole.folder, ...more: string[]) =>
  ingot(['publish', to, folder, '--key', 'release.pub.pem', '--allow-stand-ins', '--json', ...more]);
const pull = (from: string, store: string, ...more: string[]) =>
  ingot(['pull', from, '--key', 'release.pub.pem', '--out', store, '--json', ...more]);
const stored = (store: string) => (existsSync(store) ? readdirSync(join(store, 'slave')).sort() : []);
const blobFile = (sha256: string) =>
  join(registry.storage, 'docker/registry/v2/blobs/sha256', sha256.slice(0, 2), sha256, 'data');
const sums = () =>
  new Map(
    readFileSync(join(whole.folder, 'SHA256SUMS'), 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => [line.slice(66), line.slice(0, 64)] as const),
  );

describe('a version in a registry with TLS and basic authentication', () => {
  test('is published, and pulled by another machine bit by bit, with its signature', async () => {
    const published = await publish(at('whole'));
    expect(published.error).toBeUndefined();
    const { address, sentBytes } = publishShape.parse(JSON.parse(published.out));
    expect(address).toMatch(/:stable@sha256:[0-9a-f]{64}$/);
    expect(sentBytes).toBeGreaterThan(1000);
    // Neither the output nor the names of files have the login.
    expect(published.out + published.err).not.toMatch(new RegExp(`${password}|${user}:`));

    const store = join(await temporaryFolder(), 'store');
    const pulled = await pull(at('whole'), store);
    expect(pulled.error).toBeUndefined();
    const { versions } = pullShape.parse(JSON.parse(pulled.out));
    const folder = join(store, 'slave', whole.version);
    expect(versions).toMatchObject([
      { role: 'slave', version: whole.version, folder, rootHash: whole.rootHash },
    ]);
    execFileSync('diff', ['-r', whole.folder, folder]);
    expect(await readlink(join(store, 'slave', 'latest'))).toBe(whole.version);
    expect(stored(store)).toEqual([whole.version, 'latest']);

    // Everything is there already.
    const again = publishShape.parse(JSON.parse((await publish(at('whole'))).out));
    expect(again).toMatchObject({ address, sentBytes: 0 });
    expect((await pull(at('whole'), store)).error).toBeUndefined();
    // A digest names the same.
    expect((await pull(address, store, '--role', 'slave')).error).toBeUndefined();
    expect((await pull(address, store, '--role', 'master')).error?.code).toBe('not-a-version');
  });

  test('is refused without the right key, and the store does not come to be', async () => {
    await publish(at('key'));
    const store = join(await temporaryFolder(), 'store');
    const { error } = await ingot(['pull', at('key'), '--key', 'other.pub.pem', '--out', store]);
    expect(error).toMatchObject({
      code: 'damaged-version',
      excerpt: [expect.stringMatching(/^SHA256SUMS is not signed by key /)],
    });
    expect(existsSync(join(store, 'slave'))).toBe(false);
  });

  test('that is not signed is published only by a flag, and never pulled', async () => {
    await withCopy(async (folder) => {
      await rm(join(folder, 'SHA256SUMS.dsse'));
      const flags = ['--allow-stand-ins', '--allow-unverified'];
      expect((await ingot(['publish', at('unsigned'), folder, ...flags])).error).toBeUndefined();
      const store = join(await temporaryFolder(), 'store');
      expect((await pull(at('unsigned'), store)).error).toMatchObject({
        code: 'damaged-version',
        excerpt: ['SHA256SUMS is not signed'],
      });
    });
  });

  test('that was altered at rest is refused by a pull and by a publication, and no half is left', async () => {
    const { address } = publishShape.parse(JSON.parse((await publish(at('altered'))).out));
    const file = blobFile(sums().get('vmlinuz') ?? '');
    const before = readFileSync(file);
    chmodSync(file, 0o644);
    onTestFinished(() => {
      writeFileSync(file, before);
    });
    for (const other of [Buffer.alloc(before.byteLength, 'x'), before.subarray(1)]) {
      writeFileSync(file, other);
      const store = join(await temporaryFolder(), 'store');
      expect((await pull(at('altered'), store)).error).toMatchObject({ code: 'registry-failed' });
      expect(stored(store)).toEqual([]);
      const { error } = await publish(at('altered', 'moved'));
      expect(error).toMatchObject({ code: 'registry-failed' });
      expect((await pull(at('altered', 'moved'), store)).error?.code).toBe('no-image');
      writeFileSync(file, before);
      expect((await pull(address, store)).error).toBeUndefined();
    }
  });

  test('stays out of a store whose disk is too small, and of one whose disk fills up meanwhile', async () => {
    await publish(at('full'));
    const disk = join(await temporaryFolder(), 'disk');
    await mkdir(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk]);
    onTestFinished(() => void execFileSync('umount', [disk]));
    const store = join(disk, 'store');
    const filler = join(disk, 'filler');
    writeFileSync(filler, Buffer.alloc(4 * 1024 ** 2 - 65_536));
    expect((await pull(at('full'), store)).error).toMatchObject({ code: 'no-space' });
    expect(stored(store)).toEqual([]);

    // The space is there when the pull begins, and taken when the first file arrives.
    await rm(filler);
    const proxy = await startFaultProxy(registry.host, registry.ca);
    onTestFinished(() => proxy.stop());
    await registry.trust(proxy.host);
    const large = sums().get('root.squashfs') ?? '';
    proxy.intercept = (incoming) => {
      if (incoming.url?.includes(large) === true) fillDisk(filler);
      return Promise.resolve(false);
    };
    const from = at('full').replace(registry.host, proxy.host);
    expect((await pull(from, store)).error).toMatchObject({ code: 'no-space' });
    expect(stored(store)).toEqual([]);
    await rm(filler);
    proxy.intercept = undefined;
    expect((await pull(from, store)).error).toBeUndefined();
  });
});

/** Writes to a file until its disk is full. */
function fillDisk(file: string): void {
  try {
    for (;;) appendFileSync(file, Buffer.alloc(4096));
  } catch {
    // It is full.
  }
}

describe('a login', () => {
  const as = async (config: unknown, more: Record<string, string> = {}) => {
    const home = await temporaryFolder();
    await mkdir(join(home, '.docker'));
    writeFileSync(join(home, '.docker/config.json'), JSON.stringify(config));
    const env = { ...registry.env, HOME: home, SSL_CERT_FILE: join(registry.ca.folder, 'ca.pem'), ...more };
    return ingot(['pull', at('nothing'), '--key', 'release.pub.pem', '--out', join(home, 'out')], env);
  };
  const basic = (text: string) => Buffer.from(text).toString('base64');

  test('is taken from a helper of the registry, a store of all, or the configuration', async () => {
    const folder = await temporaryFolder();
    const answer = JSON.stringify({ ServerURL: 'x', Username: user, Secret: password });
    writeFileSync(
      join(folder, 'docker-credential-sample'),
      `#!/bin/sh\nread -r server || :\n[ "$1 $server" = "get ${registry.host}" ] && echo '${answer}'\n`,
      { mode: 0o755 },
    );
    const path = { PATH: `${folder}:${registry.env['PATH'] ?? ''}` };
    const logins = [
      { auths: { [registry.host]: { auth: basic(`${user}:${password}`) } } },
      { auths: { [`https://${registry.host}/v2/`]: { username: user, password } } },
      { credsStore: 'sample', auths: { [registry.host]: {} } },
      { credHelpers: { [registry.host]: 'sample' }, credsStore: 'none' },
    ];
    for (const login of logins)
      expect([login, (await as(login, path)).error?.code]).toEqual([login, 'no-image']);
  });

  test('that is missing, wrong or unreadable is reported without the secret', async () => {
    const secret = 'a-wrong-secret';
    const wrong = [
      {},
      { auths: { [registry.host]: { auth: basic(`${user}:${secret}`) } } },
      { credsStore: 'does-not-exist' },
      { auths: { [registry.host]: { auth: [secret] } } },
    ];
    for (const login of wrong) {
      const { error, err, out } = await as(login);
      expect(error?.code).toMatch(/^(wrong-credentials|missing-program)$/);
      expect(`${error?.message} ${error?.hint} ${error?.excerpt.join()} ${err} ${out}`).not.toContain(secret);
    }
  });
});

test('a certificate of an authority that nobody trusts is refused', async () => {
  const env = { ...registry.env, HOME: await temporaryFolder() };
  const { error } = await ingot(['pull', at('x'), '--key', 'release.pub.pem', '--out', 'none'], env);
  expect(error).toMatchObject({
    code: 'registry-failed',
    message: expect.stringContaining('certificate') as string,
  });
});

test('two publishers at once both end well, and the tag leads to all of one of them', async () => {
  await withCopy(async (folder) => {
    const other = await ingot(['sign', folder, '--sign', 'other.pem']);
    expect(other.error).toBeUndefined();
    const done = await Promise.all([publish(at('two')), publish(at('two'), folder), publish(at('two'))]);
    expect(done.map(({ error }) => error)).toEqual([undefined, undefined, undefined]);
    const store = join(await temporaryFolder(), 'store');
    expect((await pull(at('two'), store)).error).toBeUndefined();
  });
});
