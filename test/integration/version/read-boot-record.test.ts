import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readBootRecord, requireBootRecord } from '../../../src/version/read-boot-record.ts';
import { bootRecord } from '../../samples/boot-record.ts';
import { rejection, temporaryFolder } from '../../samples/temporary.ts';

async function folderWith(text: string): Promise<string> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'boot.json'), text);
  return folder;
}

test('boot.json of a version is read as it was written', async () => {
  const record = bootRecord({});
  const folder = await folderWith(JSON.stringify(record));
  expect(await readBootRecord(folder)).toEqual(record);
  expect(await requireBootRecord(folder)).toEqual(record);
});

test.each([
  ['that is not JSON', '{', 'boot.json is not JSON'],
  ['that is not an object', '[]', 'boot.json is damaged'],
  [
    'whose root hash and role are wrong',
    JSON.stringify(bootRecord({ rootHash: 'abc', role: 'wizard' })),
    'boot.json is damaged: see role, rootHash',
  ],
  ['with a future schema', JSON.stringify(bootRecord({ schema: 3 })), 'boot.json is damaged: see schema'],
])('a boot.json %s is refused, with the error in it', async (_, text, why) => {
  const folder = await folderWith(text);
  expect(await readBootRecord(folder)).toBeUndefined();
  const error = await rejection(requireBootRecord(folder));
  expect(error.code).toBe('not-a-version');
  expect(error.message).toBe(`${folder} is not a version that ingot wrote: ${why}`);
  expect(error.hint).toContain('ingot verify DIR');
});

test('a folder without boot.json is not a version, nor is one whose boot.json is a link to elsewhere', async () => {
  const [folder, other] = [await temporaryFolder(), await folderWith(JSON.stringify(bootRecord({})))];
  const message = `${folder} is not a version that ingot wrote: it has no boot.json`;
  expect((await rejection(requireBootRecord(folder))).message).toBe(message);
  await symlink(join(other, 'boot.json'), join(folder, 'boot.json'));
  expect((await rejection(requireBootRecord(folder))).message).toBe(message);
});
