import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findVersion, noImageText, requireVersion } from '../../../src/store/require-version.ts';
import { storedVersions } from '../../../src/store/stored-version.ts';
import { rejection, temporaryFolder } from '../../samples/temporary.ts';

const version = '20261122-aaaaaaaaaaaa';

async function storeWith(latest: string | undefined): Promise<string> {
  const out = await temporaryFolder();
  await mkdir(join(out, 'master', version), { recursive: true });
  if (latest !== undefined) await symlink(latest, join(out, 'master', 'latest'));
  return out;
}

test('a command that needs an image gets the version that "latest" names', async () => {
  const out = await storeWith(version);
  const expected = { role: 'master', version, folder: join(out, 'master', version) };
  expect(await requireVersion(out, 'master')).toEqual(expected);
  expect(await findVersion(out, 'master', 'latest')).toEqual(expected);
  expect(await findVersion(out, 'master', version)).toEqual(expected);
});

test('a store without an image is refused with one message: what needs it, and what to do', async () => {
  const out = await storeWith(version);
  const error = await rejection(requireVersion(out, 'slave', { because: 'a test needs one' }));
  expect(error.code).toBe('no-image');
  expect(error.message).toBe(`there is no slave image in ${out}: a test needs one`);
  expect(error.hint).toBe('bake one, or name another store with --out FOLDER');
  expect(noImageText({ out })).toBe(`there is no image in ${out}`);
});

test.each(['../../elsewhere', '20260101-bbbbbbbbbbbb', `/tmp/${version}`])(
  'a link "latest" that leads to %s is not followed, and the error shows it',
  async (target) => {
    const out = await storeWith(target);
    const error = await rejection(requireVersion(out, 'master'));
    expect(error.message).toBe(`there is no master image in ${out}`);
    expect(error.excerpt.join()).toContain(`leads to ${target}`);
  },
);

test.each(['none', '..', '../master', version.toUpperCase(), '20260101-bbbbbbbbbbbb'])(
  'a store has no version %s',
  async (name) => {
    expect(await findVersion(await storeWith(version), 'master', name)).toBeUndefined();
  },
);

test('the versions of a store are its folders with the name of a version', async () => {
  const out = await storeWith(version);
  await mkdir(join(out, 'slave', 'mine'), { recursive: true });
  await symlink(join(out, 'master', version), join(out, 'slave', '20261123-cccccccccccc'));
  expect((await storedVersions(out)).map(({ role, version: name }) => `${role}/${name}`)).toEqual([
    `master/${version}`,
  ]);
  expect(await storedVersions(join(out, 'none'))).toEqual([]);
});
