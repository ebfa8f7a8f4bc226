import { readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { revokeVersion } from '../../../src/channel/revoke-version.ts';
import { makeHost } from '../../../src/host/make-host.ts';
import { type AdmissionRequest, admitVersions } from '../../../src/publish/admit.ts';
import { publicKey } from '../../../src/version/key-files.ts';
import { parsePrivateKey } from '../../../src/version/keys.ts';
import { keySigner } from '../../../src/version/signer.ts';
import { rejection } from '../../samples/temporary.ts';
import { privatePem, whole, withCopy, work } from '../version/signed-whole-version.ts';

const all = { unverified: true, standIns: true };
const admit = (folder: string, more: Partial<AdmissionRequest> = {}) =>
  admitVersions(makeHost(), { folders: [folder], keys: [], allow: all, ...more });
const keys = async (name = 'release') => [await publicKey(join(work, `${name}.pub.pem`))];

test('a version that a key has signed is admitted with what its list says', async () => {
  const [version] = await admit(whole.folder, {
    keys: await keys(),
    allow: { unverified: false, standIns: true },
  });
  expect(version).toMatchObject({
    ...{
      role: 'slave',
      version: whole.version,
      folder: whole.folder,
      rootHash: whole.rootHash,
      standIns: true,
    },
    signedBy: [expect.stringMatching(/^[0-9a-f]{64}$/)],
  });
  expect(Buffer.from(version?.sums ?? '')).toEqual(await readFile(join(whole.folder, 'SHA256SUMS')));
  expect(version?.digests.has('root.squashfs')).toBe(true);
});

test('without a key it is refused with the flag that would allow it, and nothing large is read', async () => {
  const error = await rejection(admit(whole.folder, { allow: { unverified: false, standIns: true } }));
  expect(error).toMatchObject({ code: 'not-publishable', exitCode: 2 });
  expect(error.hint).toContain('--allow-unverified');
  expect((await admit(whole.folder))[0]?.signedBy).toEqual([]);
});

test('a revoked version is refused with its reason, whatever is allowed', async () => {
  const out = dirname(dirname(whole.folder));
  const { version, rootHash } = whole;
  const signer = keySigner(parsePrivateKey(privatePem, 'release.pem'));
  const reader = { host: makeHost(), out, memory: join(work, 'memory'), keys: await keys() };
  const revocation = {
    role: 'slave',
    version,
    rootHash,
    why: 'it leaks',
    on: '2026-11-30T00:00:00Z',
  } as const;
  await revokeVersion(reader, signer, revocation);
  try {
    const error = await rejection(admit(whole.folder, { keys: await keys() }));
    expect(error).toMatchObject({ code: 'not-publishable' });
    expect(error.message).toContain('was revoked on 2026-11-30T00:00:00Z: it leaks');
  } finally {
    await rm(join(out, 'channels'), { recursive: true });
  }
  expect(await admit(whole.folder)).toHaveLength(1);
});

test('stand-ins are refused with the flag that would allow them, also if the version is signed', async () => {
  const error = await rejection(
    admit(whole.folder, { keys: await keys(), allow: { unverified: false, standIns: false } }),
  );
  expect(error).toMatchObject({ code: 'not-publishable' });
  expect(error.hint).toContain('--allow-stand-ins');
});

test('a wrong signature and an altered file are refused whatever is allowed', async () => {
  expect(await rejection(admit(whole.folder, { keys: await keys('other') }))).toMatchObject({
    code: 'damaged-version',
    excerpt: [expect.stringMatching(/^SHA256SUMS\.dsse is not signed by key /)],
  });
  await withCopy(async (folder) => {
    await writeFile(join(folder, 'vmlinuz'), 'altered');
    for (const signers of [[], await keys()])
      expect(await rejection(admit(folder, { keys: signers }))).toMatchObject({
        code: 'damaged-version',
        excerpt: expect.arrayContaining([expect.stringMatching(/^vmlinuz was altered/)]) as unknown,
      });
    await rm(join(folder, 'SHA256SUMS'));
    expect(await rejection(admit(folder))).toMatchObject({ code: 'damaged-version' });
  });
});

test('two versions of one role are refused, and so is a folder that is not one', async () => {
  const twice = { folders: [whole.folder, whole.folder] };
  expect(await rejection(admit(whole.folder, twice))).toMatchObject({ code: 'not-publishable' });
  expect(await rejection(admit(work))).toMatchObject({ code: 'not-a-version' });
});
