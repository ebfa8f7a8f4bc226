import { execFileSync } from 'node:child_process';
import { link, mkdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { commandLine } from '../../../src/cli/command-line.ts';
import { checkSums } from '../../../src/release/check-sums.ts';
import { preAuthEncoding } from '../../../src/release/dsse.ts';
import { writeSums } from '../../../src/release/write-sums.ts';
import { temporaryFolder } from '../../samples/temporary.ts';
import { fakeWorld } from '../../samples/world.ts';

let folder: string;
let version: string;

async function ingot(args: readonly string[], env: Record<string, string> = {}) {
  const { world, out, err } = fakeWorld({ cwd: folder, env });
  return { exitCode: await commandLine(world, args), out: out(), err: err() };
}

beforeEach(async () => {
  folder = await temporaryFolder();
  version = join(folder, 'master', '20260101-abc');
  await mkdir(join(version, 'netboot'), { recursive: true });
  await writeFile(join(version, 'root.squashfs'), 'the root');
  await writeFile(join(version, 'manifest.json'), '{}');
  await link(join(version, 'root.squashfs'), join(version, 'netboot', 'root.squashfs'));
  await symlink('20260101-abc', join(folder, 'master', 'latest'));
  await writeSums(version);
});

describe('ingot keygen', () => {
  test('makes a private key that only its owner reads, and its public half', async () => {
    expect((await ingot(['keygen', 'mine'])).exitCode).toBe(0);
    expect((await stat(join(folder, 'mine.pem'))).mode & 0o777).toBe(0o600);
    const half = execFileSync('openssl', ['pkey', '-in', join(folder, 'mine.pem'), '-pubout']).toString();
    expect(await readFile(join(folder, 'mine.pub.pem'), 'utf8')).toBe(half);
  });

  test.each(['mine.pem', 'mine.pub.pem'])('never overwrites %s, and leaves no half', async (there) => {
    await writeFile(join(folder, there), 'precious');
    await expect(ingot(['keygen', 'mine'])).rejects.toThrow(`${there} is there already`);
    expect(await readFile(join(folder, there), 'utf8')).toBe('precious');
    const other = there === 'mine.pem' ? 'mine.pub.pem' : 'mine.pem';
    await expect(stat(join(folder, other))).rejects.toThrow('ENOENT');
  });
});

describe('ingot sign', () => {
  beforeEach(() => ingot(['keygen']));

  test('leaves a signature that openssl believes, as the updater of a node asks it', async () => {
    expect((await ingot(['sign', 'master/latest', '--sign', 'release.pem'])).exitCode).toBe(0);
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
    expect((await ingot(['sign', 'master/latest'], env)).err).toContain(': signed');
    const before = await readFile(join(version, 'SHA256SUMS.dsse'), 'utf8');
    expect((await ingot(['sign', 'master/latest'], env)).err).toContain('already');
    expect(await readFile(join(version, 'SHA256SUMS.dsse'), 'utf8')).toBe(before);
  });

  test('without a key says how to give one', async () => {
    await expect(ingot(['sign', 'master/latest'])).rejects.toThrow('there is no key to sign with');
  });

  test.each([
    ['a missing file', () => rm(join(version, 'manifest.json')), 'manifest.json is missing'],
    ['an altered file', () => writeFile(join(version, 'manifest.json'), '[]'), 'manifest.json was altered'],
    ['a file too many', () => writeFile(join(version, 'x'), ''), 'x is not in SHA256SUMS'],
    ['no list', () => rm(join(version, 'SHA256SUMS')), 'SHA256SUMS is missing'],
    [
      'a renamed file',
      () => rename(join(version, 'netboot/root.squashfs'), join(version, 'netboot/root.img')),
      'netboot/root.img is not in SHA256SUMS',
    ],
  ])('signs nothing with %s', async (_, spoil, reason) => {
    await spoil();
    await expect(ingot(['sign', 'master/latest', '--sign', 'release.pem'])).rejects.toMatchObject({
      code: 'check-failed',
      excerpt: expect.arrayContaining([expect.stringContaining(reason)]) as string[],
    });
    await expect(stat(join(version, 'SHA256SUMS.dsse'))).rejects.toThrow('ENOENT');
  });
});

test('sha256sum reads the list, and it holds every file', async () => {
  execFileSync('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: version });
  expect((await checkSums(version)).problems).toEqual([]);
  expect([...(await checkSums(version)).digests.keys()].sort()).toEqual([
    'manifest.json',
    'netboot/root.squashfs',
    'root.squashfs',
  ]);
});
