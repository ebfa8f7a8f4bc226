import { mkdir, readdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { oldVersions, removeVersion } from '../../../src/store/old-versions.ts';
import { temporaryFolder } from '../../samples/temporary.ts';

const versions = ['a', 'b', 'c'].map((letter) => `20261122-${letter.repeat(12)}`);

/** A store with three versions of the master, the first published first; `latest` names one of them. */
async function store(latest: string): Promise<string> {
  const out = await temporaryFolder();
  for (const [day, version] of versions.entries()) {
    await mkdir(join(out, 'master', version), { recursive: true });
    await writeFile(join(out, 'master', version, 'disk.qcow2'), 'x'.repeat(100));
    for (const record of ['programs', 'stages']) {
      const file = join(out, 'master', `${version}.${record}.json`);
      await writeFile(file, '{}');
      await utimes(file, 1000 + day, 1000 + day);
    }
  }
  await symlink(latest, join(out, 'master', 'latest'));
  return out;
}

const [first = '', second = '', third = ''] = versions;

test('the versions that were published last stay, and the others are told with what they take', async () => {
  const out = await store(third);
  expect(await oldVersions(out, 3)).toEqual([]);
  expect(await oldVersions(out, 1)).toMatchObject([
    { role: 'master', version: second, bytes: 100 },
    { role: 'master', version: first, bytes: 100 },
  ]);
});

test('the latest stays, even if others were published after it', async () => {
  const found = await oldVersions(await store(first), 1);
  expect(found.map(({ version }) => version)).toEqual([third, second]);
});

test('a version goes with its records and nothing else', async () => {
  const out = await store(third);
  for (const version of await oldVersions(out, 2)) await removeVersion(version);
  expect((await readdir(join(out, 'master'))).sort()).toEqual(
    [second, third].flatMap((one) => [one, `${one}.programs.json`, `${one}.stages.json`]).concat('latest'),
  );
});

test('a store that is not there has no old versions', async () => {
  expect(await oldVersions(join(await temporaryFolder(), 'none'), 1)).toEqual([]);
});
