import { execFileSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { commandLine } from '../../../src/cli/command-line.ts';
import { filesBelow } from '../../../src/host/files-below.ts';
import type { Host } from '../../../src/host/host.ts';
import { checkSums } from '../../../src/version/check-sums.ts';
import { preAuthEncoding } from '../../../src/version/dsse.ts';
import { writeSums } from '../../../src/version/write-sums.ts';
import { rejection, temporaryFolder } from '../../samples/temporary.ts';
import { fakeWorld } from '../../samples/world.ts';
import { makeWholeVersion } from './whole-version.ts';

let folder: string;
let version: string;

async function ingot(args: readonly string[], env: Record<string, string> = {}) {
  const { world, out, err } = fakeWorld({ cwd: folder, env });
  return { exitCode: await commandLine(world, args), out: out(), err: err() };
}

beforeEach(async () => {
  folder = await temporaryFolder();
  execFileSync('cp', ['-a', join(whole, 'slave'), folder]);
  version = realpathSync(join(folder, 'slave', 'latest'));
});

/** A store with one version; each test gets a copy. */
let whole: string;
beforeAll(async () => {
  whole = await mkdtemp(join(tmpdir(), 'ingot-test-'));
  const made = await makeWholeVersion(whole, whole);
  await symlink(made.version, join(whole, 'slave', 'latest'));
});
afterAll(() => rm(whole, { recursive: true }));

describe('ingot keygen', () => {
  test('creates a private key that only its owner can read, and its public half', async () => {
    expect((await ingot(['keygen', 'mine'])).exitCode).toBe(0);
    expect((await stat(join(folder, 'mine.pem'))).mode & 0o777).toBe(0o600);
    const half = execFileSync('openssl', ['pkey', '-in', join(folder, 'mine.pem'), '-pubout']).toString();
    expect(await readFile(join(folder, 'mine.pub.pem'), 'utf8')).toBe(half);
  });

  test.each(['mine.pem', 'mine.pub.pem'])('never overwrites %s, and leaves no single half', async (there) => {
    await writeFile(join(folder, there), 'precious');
    await expect(ingot(['keygen', 'mine'])).rejects.toThrow(`${there} already exists`);
    expect(await readFile(join(folder, there), 'utf8')).toBe('precious');
    const other = there === 'mine.pem' ? 'mine.pub.pem' : 'mine.pem';
    await expect(stat(join(folder, other))).rejects.toThrow('ENOENT');
  });
});

describe('ingot sign', () => {
  beforeEach(() => ingot(['keygen']));

  test('leaves a signature that openssl accepts, with the command that the updater of a node uses', async () => {
    expect((await ingot(['sign', 'slave/latest', '--sign', 'release.pem'])).exitCode).toBe(0);
    const sums = await readFile(join(version, 'SHA256SUMS'));
    const envelope = JSON.parse(await readFile(join(version, 'SHA256SUMS.dsse'), 'utf8')) as {
      signatures: [{ sig: string }];
    };
    await writeFile(join(folder, 'sig'), Buffer.from(envelope.signatures[0].sig, 'base64'));
    await writeFile(join(folder, 'signed'), preAuthEncoding(sums));
    const openssl = () =>
      execFileSync(
        'openssl',
        [
          'pkeyutl',
          '-verify',
          '-rawin',
          '-pubin',
          '-inkey',
          'release.pub.pem',
          '-in',
          'signed',
          '-sigfile',
          'sig',
        ],
        { cwd: folder, stdio: 'pipe' },
      ).toString();
    expect(openssl()).toContain('Verified Successfully');
    await writeFile(join(folder, 'signed'), preAuthEncoding(Buffer.concat([sums, Buffer.from(' ')])));
    expect(openssl).toThrow();
  });

  test('takes the key from INGOT_SIGNING_KEY, and signs once', async () => {
    const env = { INGOT_SIGNING_KEY: await readFile(join(folder, 'release.pem'), 'utf8') };
    expect((await ingot(['sign', 'slave/latest'], env)).err).toContain(': signed');
    const before = await readFile(join(version, 'SHA256SUMS.dsse'), 'utf8');
    expect((await ingot(['sign', 'slave/latest'], env)).err).toContain('already');
    expect(await readFile(join(version, 'SHA256SUMS.dsse'), 'utf8')).toBe(before);
  });

  test('without a key shows how to give one', async () => {
    await expect(ingot(['sign', 'slave/latest'])).rejects.toThrow('there is no key to sign with');
  });

  test.each([
    ['a missing file', () => rm(join(version, 'manifest.json')), 'manifest.json is missing'],
    ['an altered file', () => writeFile(join(version, 'manifest.json'), '[]'), 'manifest.json was altered'],
    ['an additional file', () => writeFile(join(version, 'x'), ''), 'x is not in SHA256SUMS'],
    ['no list', () => rm(join(version, 'SHA256SUMS')), 'SHA256SUMS is missing'],
    [
      'a renamed file',
      () => rename(join(version, 'netboot/root.squashfs'), join(version, 'netboot/root.img')),
      'netboot/root.img is not in SHA256SUMS',
    ],
  ])('signs nothing with %s', async (_, spoil, reason) => {
    await spoil();
    await expect(ingot(['sign', 'slave/latest', '--sign', 'release.pem'])).rejects.toMatchObject({
      code: 'damaged-version',
      excerpt: expect.arrayContaining([expect.stringContaining(reason)]) as string[],
    });
    await expect(stat(join(version, 'SHA256SUMS.dsse'))).rejects.toThrow('ENOENT');
  });

  test.each([
    ...['boot.json', 'slot.cfg', 'manifest.json', 'vmlinuz', 'initrd.img', 'root.squashfs', 'root.verity'],
    ...['checks.json', 'netboot/boot.ipxe'],
  ])('signs nothing with an altered %s, even if the list was adjusted', async (file) => {
    const bytes = await readFile(join(version, file));
    // A digit of the root hash where a text names it, the salt of the hash tree (veritysetup(8)), otherwise the last
    // byte.
    const text = /\.(json|cfg|ipxe)$/.test(file) && file !== 'manifest.json';
    const hash = /[0-9a-f]{64}/.exec(bytes.toString('latin1'))?.index ?? bytes.indexOf('2');
    const at = text ? hash : file === 'root.verity' ? 100 : bytes.length - 1;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    await writeFile(join(version, file), bytes);
    await writeSums(version);
    const refused = await rejection(ingot(['sign', 'slave/latest', '--sign', 'release.pem']));
    expect(refused.message).toContain('is not what was baked, and was not signed');
    expect(refused.excerpt.join('\n')).toMatch(file === 'boot.json' ? /root hash/ : new RegExp(file));
    expect(await readdir(dirname(version))).toEqual(
      expect.not.arrayContaining([expect.stringContaining('.checking-')]),
    );
    await expect(stat(join(version, 'SHA256SUMS.dsse'))).rejects.toThrow('ENOENT');
  });

  test.each(['root.squashfs', 'boot.json', 'SHA256SUMS'])(
    'a file that replaces %s after the check is not covered by the signature',
    async (file) => {
      const { world } = fakeWorld({ cwd: folder });
      const good = await readFile(join(version, 'SHA256SUMS'), 'utf8');
      // The last check of all; by now every file has been read.
      const host: Host = {
        ...world.host,
        run: async (program, ...more) => {
          if (program === 'veritysetup') await writeFile(join(version, file), 'put here meanwhile');
          return world.host.run(program, ...more);
        },
      };
      const signing = commandLine({ ...world, host }, ['sign', 'slave/latest', '--sign', 'release.pem']);
      // The bundles are made of boot.json and SHA256SUMS, so signing ends with an error if these are no longer right.
      if (file === 'root.squashfs') expect(await signing).toBe(0);
      else expect(await rejection(signing)).toMatchObject({ code: 'damaged-version' });
      const envelope = JSON.parse(await readFile(join(version, 'SHA256SUMS.dsse'), 'utf8')) as {
        payload: string;
      };
      expect(Buffer.from(envelope.payload, 'base64').toString()).toBe(good);
      const seen = await rejection(ingot(['verify', version, '--key', 'release.pub.pem']));
      expect(seen.excerpt.join('\n')).toContain(`${file} was altered`);
    },
  );
});

test('sha256sum reads the list, and it contains every file', async () => {
  execFileSync('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: version });
  expect((await checkSums(version)).problems).toEqual([]);
  const names = [...(await checkSums(version)).digests.keys(), 'SHA256SUMS'].sort();
  expect(names).toEqual((await filesBelow(version)).sort());
});
