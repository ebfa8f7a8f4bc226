import { chmod, mkdir, rename, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { digestOf, digestsBelow } from '../../../src/host/folder-digest.ts';
import { temporaryFolder } from '../../samples/temporary.ts';

const folderDigest = async (folder: string): Promise<string> => digestOf(await digestsBelow(folder));

async function sample(): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'common'));
  await writeFile(join(folder, 'common', 'do.sh'), 'exit 0\n', { mode: 0o755 });
  await symlink('do.sh', join(folder, 'common', 'link'));
  return folder;
}

test('a folder has one digest, whatever its times and the umask of its checkout', async () => {
  const [one, other] = [await sample(), await sample()];
  await chmod(join(other, 'common', 'do.sh'), 0o700);
  await utimes(join(other, 'common', 'do.sh'), 1, 1);
  expect(await folderDigest(one)).toMatch(/^[0-9a-f]{64}$/);
  expect(await folderDigest(other)).toBe(await folderDigest(one));
});

test.each<[string, (folder: string) => Promise<void>]>([
  ['the content of a file', (folder) => writeFile(join(folder, 'common', 'do.sh'), 'exit 1\n')],
  ['the name of a file', (folder) => rename(join(folder, 'common/do.sh'), join(folder, 'common/did.sh'))],
  ['the execute bit of a file', (folder) => chmod(join(folder, 'common', 'do.sh'), 0o644)],
  ['an empty folder', (folder) => mkdir(join(folder, 'common', 'empty'))],
  ['a link', (folder) => symlink('elsewhere', join(folder, 'common', 'second'))],
])('the digest changes with %s', async (_, change) => {
  const folder = await sample();
  const before = await folderDigest(folder);
  await change(folder);
  expect(await folderDigest(folder)).not.toBe(before);
});
