import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, statfs, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { requireSpace } from '../../../src/host/free-space.ts';
import { sha256File } from '../../../src/host/sha256-file.ts';
import { withTemporaryFolder } from '../../../src/host/with-temporary-folder.ts';
import { freePort } from '../../../src/vm/free-port.ts';
import { rejection, temporaryFolder } from '../../samples/temporary.ts';

test('too little space is reported before anything is made, with the needed and the free space', async () => {
  const folder = await temporaryFolder();
  await requireSpace(folder, 1);
  const error = await rejection(requireSpace(folder, 2 ** 60));
  expect(error).toMatchObject({ code: 'no-space', exitCode: 1 });
  const { bavail, bsize } = await statfs(folder);
  const [, needed, free] = /: ([\d.]+) GiB are needed, ([\d.]+) GiB are free$/.exec(error.message) ?? [];
  expect(error.message).toContain(`not enough space in ${folder}`);
  expect(needed).toBe('1073741824.0');
  expect(Math.abs(Number(free) - (bavail * bsize) / 1024 ** 3)).toBeLessThan(5);
  expect(error.hint).toContain('--out FOLDER');
});

test('the digest of a file is the one that sha256sum prints', async () => {
  const file = join(await temporaryFolder(), 'file');
  const content = Buffer.alloc(3_000_001, 'ä');
  await writeFile(file, content);
  expect(await sha256File(file)).toBe(createHash('sha256').update(content).digest('hex'));
  await writeFile(file, '');
  expect(await sha256File(file)).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
});

test('a temporary folder is removed when its work is done, and when it failed', async () => {
  const seen: string[] = [];
  const work = async (folder: string) => {
    seen.push(folder);
    await mkdir(join(folder, 'a', 'b'), { recursive: true });
    await writeFile(join(folder, 'a', 'b', 'file'), '');
    return 'result';
  };
  expect(await withTemporaryFolder(work)).toBe('result');
  await expect(
    withTemporaryFolder(async (folder) => {
      await work(folder);
      throw new Error('the work failed');
    }),
  ).rejects.toThrow('the work failed');
  expect(seen).toHaveLength(2);
  expect(seen.filter((folder) => existsSync(folder))).toEqual([]);
});

test('a free port can be listened on at once', async () => {
  const port = await freePort();
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  expect((server.address() as AddressInfo).port).toBe(port);
  server.close();
});
