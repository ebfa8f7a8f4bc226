import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { commandLine } from '../../../src/cli/command-line.ts';
import { projectFolder } from '../../../src/host/project-folder.ts';
import { latestVersions, namedVersions } from '../../../src/store/named-versions.ts';
import { bootRecord } from '../../samples/boot-record.ts';
import { rejection, temporaryFolder } from '../../samples/temporary.ts';
import { fakeWorld } from '../../samples/world.ts';

const [m1, m2, s1, s2] = ['a', 'b', 'c', 'd'].map((letter) => `20261128-${letter.repeat(12)}`) as [
  ...[string, string, string, string],
];
let [work, out, other] = ['', '', ''];

async function store(folder: string, versions: Readonly<Record<string, readonly string[]>>): Promise<void> {
  for (const [role, names] of Object.entries(versions)) {
    for (const version of names) {
      await mkdir(join(folder, role, version), { recursive: true });
      const record = bootRecord({ role, version, rootHash: version.slice(-1).repeat(64) });
      await writeFile(join(folder, role, version, 'boot.json'), JSON.stringify(record));
    }
    await symlink(names.at(-1) ?? '', join(folder, role, 'latest'));
  }
}

beforeEach(async () => {
  work = await temporaryFolder();
  [out, other] = [join(work, 'out'), join(work, 'other')];
  await store(out, { master: [m1, m2], slave: [s1, s2] });
  await store(other, { master: [m1], slave: [s1] });
});

const names = async (text: string): Promise<string[]> => {
  const { master, slave } = await namedVersions(text, out, work);
  return [master.version, slave.version];
};

test('versions are named as the latest, another store, one role or both, by name or by folder', async () => {
  expect(await names('latest')).toEqual([m2, s2]);
  expect(await names('other')).toEqual([m1, s1]);
  expect(await names(other)).toEqual([m1, s1]);
  expect(await names(m1)).toEqual([m1, s2]);
  expect(await names(`slave=${s1}`)).toEqual([m2, s1]);
  expect(await names(`master=${m1}, slave=${s1}`)).toEqual([m1, s1]);
  expect(await names(`master=other/master/latest,slave=${s2}`)).toEqual([m1, s2]);
  expect((await latestVersions(out)).master.folder).toBe(join(out, 'master', m2));
});

test.each([
  ['nothing', 'no-image', 'nothing is neither a version of'],
  ['master=', 'wrong-usage', 'master= is not ROLE=VERSION'],
  ['wizard=20261128-aaaaaaaaaaaa', 'wrong-usage', 'wizard=20261128-aaaaaaaaaaaa is not ROLE=VERSION'],
  ['slave=20261128-eeeeeeeeeeee', 'no-image', 'there is no slave image 20261128-eeeeeeeeeeee in'],
  ['slave=other/master/latest', 'no-image', 'is a master, and was named as a slave'],
  ['slave=other', 'not-a-version', 'other is not a version that ingot wrote: it has no boot.json'],
])('%s is refused', async (text, code, says) => {
  const error = await rejection(namedVersions(text, out, work));
  expect(error.code).toBe(code);
  expect(error.message).toContain(says);
});

test('a store without images is named', async () => {
  const error = await rejection(namedVersions(work, out, work));
  expect(error.message).toBe(`there is no master image in ${work}`);
});

test('an upgrade to the version that already runs is refused before anything is booted', async () => {
  const { world } = fakeWorld({ cwd: work });
  const error = await rejection(
    commandLine(world, [
      'rehearse',
      join(projectFolder, 'examples/cluster.yaml'),
      '--from',
      'latest',
      '--to',
      'latest',
    ]),
  );
  expect(error.message).toBe(`--from and --to are the same versions: ${m2} and ${s2}`);
});
