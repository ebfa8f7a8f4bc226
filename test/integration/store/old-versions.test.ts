import { mkdir, readdir, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { latestLink, latestVersion, requireLatestLink } from '../../../src/store/latest-version.ts';
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
      const files = [{ name: 'disk.qcow2', size: 100 }];
      await writeFile(file, JSON.stringify({ format: 1, files, stages: {} }));
      await utimes(file, 1000 + day, 1000 + day);
    }
  }
  await symlink(latest, join(out, 'master', 'latest'));
  return out;
}

const [first = '', second = '', third = ''] = versions;

test('the versions that were published last stay, and the others are listed with their size', async () => {
  const out = await store(third);
  expect(await oldVersions(out, 3)).toEqual({ old: [], left: [] });
  expect(await oldVersions(out, 1)).toMatchObject({
    old: [
      { role: 'master', version: second, bytes: 100 },
      { role: 'master', version: first, bytes: 100 },
    ],
    left: [],
  });
});

test('the latest version stays, even if others were published after it', async () => {
  const { old } = await oldVersions(await store(first), 1);
  expect(old.map(({ version }) => version)).toEqual([third, second]);
});

test('a version is removed with its records, its report and the statements about it, and nothing else', async () => {
  const out = await store(third);
  await mkdir(join(out, 'master', `${first}.rehearsals`));
  await writeFile(join(out, 'master', `${first}.rehearsals`, 'one.dsse.json'), '{}');
  for (const name of ['bake.json', 'report.html'])
    await writeFile(join(out, 'master', `${first}.${name}`), '{}');
  for (const version of (await oldVersions(out, 2)).old) await removeVersion(version);
  expect((await readdir(join(out, 'master'))).sort()).toEqual(
    [second, third].flatMap((one) => [one, `${one}.programs.json`, `${one}.stages.json`]).concat('latest'),
  );
});

test('a store that does not exist has no old versions', async () => {
  expect(await oldVersions(join(await temporaryFolder(), 'none'), 1)).toEqual({ old: [], left: [] });
});

test.each<[string, string, (folder: string) => Promise<void>]>([
  ['that a person put there', 'no bake recorded it', (folder) => rm(`${folder}.stages.json`)],
  ['with a damaged record', 'no bake recorded it', (folder) => writeFile(`${folder}.stages.json`, '{')],
  ['that lacks a file', 'it lacks disk.qcow2', (folder) => rm(join(folder, 'disk.qcow2'))],
  [
    'in which a person keeps something',
    'it holds mine/overlay.qcow2, which is not part of the version',
    async (folder) => {
      await mkdir(join(folder, 'mine'));
      await writeFile(join(folder, 'mine', 'overlay.qcow2'), '');
    },
  ],
  [
    'that is a link to elsewhere',
    'it is a link, or belongs to somebody else',
    async (folder) => {
      await rename(folder, `${folder}-elsewhere`);
      await symlink(`${folder}-elsewhere`, folder);
    },
  ],
])('a folder %s stays, is not counted, and is named', async (_, why, change) => {
  const out = await store(third);
  const folder = join(out, 'master', second);
  await change(folder);
  const { old, left } = await oldVersions(out, 2);
  expect(old).toEqual([]);
  expect(left).toEqual([`${folder} is left alone: ${why}`]);
  expect((await oldVersions(out, 1)).old.map(({ version }) => version)).toEqual([first]);
});

test('a version that was signed after it was published is complete', async () => {
  const out = await store(third);
  await writeFile(join(out, 'master', first, 'SHA256SUMS.dsse'), '{}');
  expect((await oldVersions(out, 2)).old.map(({ version }) => version)).toEqual([first]);
});

test('a removal that was killed is finished; one that another process is doing is left to it', async () => {
  const out = await store(third);
  const killed = join(out, 'master', `${first}.removed-999999999`);
  const living = join(out, 'master', `${second}.removed-1`);
  await rename(join(out, 'master', first), killed);
  await rename(join(out, 'master', second), living);
  const { old } = await oldVersions(out, 1);
  expect(old).toMatchObject([{ version: first, folder: killed }]);
  for (const version of old) await removeVersion(version);
  expect(await readdir(join(out, 'master'))).toEqual(
    expect.arrayContaining([third, `${second}.removed-1`, 'latest']),
  );
  expect(await readdir(join(out, 'master'))).not.toContain(`${first}.removed-999999999`);
});

test('a version that another process has removed meanwhile is not an error', async () => {
  const out = await store(third);
  const [version] = (await oldVersions(out, 2)).old;
  if (version === undefined) throw new Error('there is an old version');
  await removeVersion(version);
  await removeVersion(version);
});

test.each<[string, string, string]>([
  [
    'leads nowhere',
    '20260101-aaaaaaaaaaaa',
    'leads to 20260101-aaaaaaaaaaaa, which does not exist: it is not used',
  ],
  [
    'leads out of the folder of the role',
    '../../elsewhere',
    'leads to ../../elsewhere, which is not a version in',
  ],
])('a link "latest" that %s is named, and its target is not counted or removed', async (_, target, why) => {
  const out = await store(target);
  await mkdir(join(out, '..', 'elsewhere'), { recursive: true });
  const { old, left } = await oldVersions(out, 1);
  expect(old.map(({ version }) => version)).toEqual([second, first]);
  expect(left).toEqual([expect.stringContaining(`${join(out, 'master', 'latest')} ${why}`)]);
});

test('a folder in place of "latest" is refused before a bake, and is not a version; a link or nothing is accepted', async () => {
  const out = await store(third);
  await requireLatestLink(out, 'master');
  const folder = join(out, 'master', third);
  expect(await latestVersion(out, 'master')).toEqual({ role: 'master', version: third, folder });
  await requireLatestLink(out, 'slave');
  expect(await latestLink(out, 'slave')).toEqual({});
  await rm(join(out, 'master', 'latest'));
  await mkdir(join(out, 'master', 'latest'));
  await expect(requireLatestLink(out, 'master')).rejects.toMatchObject({
    code: 'unusable-folder',
    message: `${join(out, 'master', 'latest')} is a folder, but a store has a link to its latest version there`,
  });
  expect(await latestVersion(out, 'master')).toBeUndefined();
});
