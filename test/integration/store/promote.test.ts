import { mkdir, readdir, readFile, readlink, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { signStaged } from '../../../src/bake/publish/sign-images.ts';
import { type Candidate, promote } from '../../../src/store/promote.ts';
import { versionFolder } from '../../../src/store/stored-version.ts';
import { checkSums } from '../../../src/version/check-sums.ts';
import { newKeyPair, parsePrivateKey } from '../../../src/version/keys.ts';
import { isSigned, signSums } from '../../../src/version/sign-version.ts';
import { keySigner } from '../../../src/version/signer.ts';
import { signatureName } from '../../../src/version/sums.ts';
import { writeSums } from '../../../src/version/write-sums.ts';
import { temporaryFolder } from '../../samples/temporary.ts';

/**
 * A version as a bake stages it: a disk with the given content, its boot test record, other files, and the list of them
 * all.
 */
async function stage(
  out: string,
  content: string,
  version: string,
  { proof = 'after 40 s', more = {} }: { proof?: string; more?: Readonly<Record<string, string>> } = {},
): Promise<Candidate> {
  const staged = join(out, 'runs', 'run', 'staged', 'master');
  await mkdir(staged, { recursive: true });
  const files = { 'disk.qcow2': content, 'checks.json': proof, ...more };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(staged, path)), { recursive: true });
    await writeFile(join(staged, path), text);
  }
  await writeSums(staged);
  return { role: 'master', version, staged };
}

const disk = (...path: string[]) => readFile(join(...path, 'disk.qcow2'), 'utf8');

describe('an image that is published', () => {
  test('appears in the store by rename, complete, and latest points to it', async () => {
    const out = await temporaryFolder();
    const candidate = await stage(out, 'one', '20261122-aaa');
    await promote([candidate], out);
    const folder = versionFolder(out, 'master', '20261122-aaa');
    expect(folder).toBe(join(out, 'master', '20261122-aaa'));
    expect(await disk(folder)).toBe('one');
    expect(await readlink(join(out, 'master', 'latest'))).toBe('20261122-aaa');
    await expect(readdir(candidate.staged)).rejects.toThrow('ENOENT');

    await promote([await stage(out, 'two', '20261123-bbb')], out);
    expect(await disk(out, 'master', 'latest')).toBe('two');
    expect(await disk(out, 'master', '20261122-aaa')).toBe('one');
    expect((await readdir(join(out, 'master'))).sort()).toEqual(['20261122-aaa', '20261123-bbb', 'latest']);
  });

  test('that is already in the store stays unchanged, and latest points to it again', async () => {
    const out = await temporaryFolder();
    await promote([await stage(out, 'one', 'a')], out);
    await promote([await stage(out, 'two', 'b')], out);
    const candidate = await stage(out, 'one', 'a');
    await promote([candidate], out);
    expect(await disk(out, 'master', 'latest')).toBe('one');
    await expect(readdir(candidate.staged)).rejects.toThrow('ENOENT');
  });

  test('with other targets of the same root replaces the previous one, with its folders', async () => {
    const out = await temporaryFolder();
    await promote([await stage(out, 'one', 'a')], out);
    await promote([await stage(out, 'one', 'a', { more: { 'netboot/boot.ipxe': '#!ipxe' } })], out);
    expect(await readFile(join(out, 'master', 'latest', 'netboot', 'boot.ipxe'), 'utf8')).toBe('#!ipxe');
    expect((await readdir(join(out, 'master'))).sort()).toEqual(['a', 'latest']);
  });

  test('is restored when a process was killed while another one replaced it', async () => {
    const out = await temporaryFolder();
    const version = '20261122-aaaaaaaaaaaa';
    await promote([await stage(out, 'one', version)], out);
    // The state after a process ended between the two renames; no process has the id 0.
    await rename(join(out, 'master', version), join(out, 'master', `.${version}.replaced-0`));
    await promote([await stage(out, 'two', 'b')], out);
    expect(await disk(out, 'master', version)).toBe('one');
    expect((await readdir(join(out, 'master'))).sort()).toEqual([version, 'b', 'latest']);
  });

  test('leaves the previous ones unchanged if it, or that of the other role, cannot be published', async () => {
    const out = await temporaryFolder();
    await promote([await stage(out, 'one', 'a')], out);
    const good = await stage(out, 'two', 'b');
    const bad: Candidate = { role: 'slave', version: 'c', staged: join(out, 'no-such-folder') };
    await expect(promote([good, bad], out)).rejects.toThrow('ENOENT');
    expect(await disk(out, 'master', 'latest')).toBe('one');
    expect((await readdir(join(out, 'master'))).sort()).toEqual(['a', 'latest']);
  });
});

describe('a version that is published again', () => {
  const key = () => keySigner(parsePrivateKey(newKeyPair().privatePem, 'a key'));
  const [ours, theirs] = [key(), key()];

  /** Publishes as a bake does: the staged version is signed, and a version that is already in the store afterwards. */
  async function publish(out: string, candidate: Candidate, signing = ours): Promise<string> {
    const folder = versionFolder(out, candidate.role, candidate.version);
    const payload = await readFile(join(candidate.staged, 'SHA256SUMS'));
    await signStaged(candidate.staged, payload, folder, signing);
    await promote([candidate], out);
    // A bake verifies it first (sign-images.ts), but these files belong to no image.
    if (!(await isSigned(folder, signing.publicKey)))
      await signSums(folder, signing, await readFile(join(folder, 'SHA256SUMS')));
    return folder;
  }

  /** What must be true of the store, whatever it contained before. */
  async function expectTrue(folder: string): Promise<void> {
    expect((await checkSums(folder)).problems).toEqual([]);
    expect(await isSigned(folder, ours.publicKey)).toBe(true);
  }

  test('keeps its boot test and the signatures of others, and gets the missing signature', async () => {
    const out = await temporaryFolder();
    await publish(out, await stage(out, 'one', 'a'), theirs);
    const folder = await publish(out, await stage(out, 'one', 'a', { proof: 'after 70 s' }));
    expect(await readFile(join(folder, 'checks.json'), 'utf8')).toBe('after 40 s');
    await expectTrue(folder);
    expect(await isSigned(folder, theirs.publicKey)).toBe(true);
  });

  test('with other targets has its own list, and no signature of the previous list', async () => {
    const out = await temporaryFolder();
    await publish(out, await stage(out, 'one', 'a'), theirs);
    const folder = await publish(out, await stage(out, 'one', 'a', { more: { 'disk.raw.zst': 'one' } }));
    await expectTrue(folder);
    expect(await isSigned(folder, theirs.publicKey)).toBe(false);
    expect(await readFile(join(folder, signatureName), 'utf8')).not.toContain(theirs.keyId);
  });

  test('with fewer targets stays unchanged', async () => {
    const out = await temporaryFolder();
    await publish(out, await stage(out, 'one', 'a', { more: { 'disk.raw.zst': 'one' } }), theirs);
    const folder = await publish(out, await stage(out, 'one', 'a'));
    expect(await readdir(folder)).toContain('disk.raw.zst');
    await expectTrue(folder);
    expect(await isSigned(folder, theirs.publicKey)).toBe(true);
  });

  test.each<[string, boolean, (folder: string) => Promise<unknown>]>([
    ['an additional file', true, (folder) => writeFile(join(folder, 'notes'), '')],
    ['an altered disk', true, (folder) => writeFile(join(folder, 'disk.qcow2'), 'two')],
    ['an altered boot test record', true, (folder) => writeFile(join(folder, 'checks.json'), 'all is well')],
    ['no boot test record', true, (folder) => rm(join(folder, 'checks.json'))],
    ['no list', true, (folder) => rm(join(folder, 'SHA256SUMS'))],
    ['a damaged signature', false, (folder) => writeFile(join(folder, signatureName), '{}')],
  ])('replaces one with %s', async (_, keeps, spoil) => {
    const out = await temporaryFolder();
    const folder = await publish(out, await stage(out, 'one', 'a'), theirs);
    await spoil(folder);
    await publish(out, await stage(out, 'one', 'a'));
    await expectTrue(folder);
    expect((await readdir(folder)).sort()).toEqual([
      'SHA256SUMS',
      signatureName,
      'checks.json',
      'disk.qcow2',
    ]);
    // The list is the one that they signed.
    expect(await isSigned(folder, theirs.publicKey)).toBe(keeps);
  });
});
