import { createHash, generateKeyPairSync } from 'node:crypto';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FileReader } from '../../../../src/bake/seal/file-reader.ts';
import { temporaryFolder } from '../../../samples/temporary.ts';

const key = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();
const piece = 512 * 1024;
const reader = new FileReader();

test.each([
  ['a small file', 100, 100],
  ['a large one, at its begin', 0, 3 * piece],
  ['a large one, across the end of the first piece', piece - 12, piece],
  ['a large one, across the end of the second piece', 2 * piece - 20, 100],
  ['a large one, at its end', 3 * piece, 0],
])('a key is found in %s, and the digest is that of all bytes', async (_, before, after) => {
  const place = join(await temporaryFolder(), 'file');
  const content = Buffer.concat([
    Buffer.alloc(before, 'x'),
    Buffer.from(`\n${key}\n`),
    Buffer.alloc(after, 'y'),
  ]);
  await writeFile(place, content);
  const { sha256, secrets } = reader.read(place, '/usr/lib/file', content.length);
  expect(secrets).toEqual(['a private key']);
  expect(sha256).toBe(createHash('sha256').update(content).digest('hex'));
});

test('what was read before is not found in the next file', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'key'), `${'x'.repeat(piece)}\n${key}`);
  await writeFile(join(folder, 'plain'), 'y'.repeat(piece + 10));
  expect(reader.read(join(folder, 'key'), '/key', piece + key.length + 1).secrets).toHaveLength(1);
  expect(reader.read(join(folder, 'plain'), '/plain', piece + 10).secrets).toEqual([]);
});

test('a link is not followed', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'key'), key);
  await symlink('key', join(folder, 'link'));
  expect(() => reader.read(join(folder, 'link'), '/link', 3)).toThrow('ELOOP');
});
