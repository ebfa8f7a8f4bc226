import { createHash } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeHost } from '../../../../src/host/make-host.ts';
import { fillPool } from '../../../../src/inputs/pool/fill-pool.ts';
import { copyUrl } from '../../../../src/inputs/url/canonical-url.ts';
import { rejection, temporaryFolder } from '../../../samples/temporary.ts';

const host = makeHost();
const asRoot = process.getuid?.() === 0;
const mebi = 2 ** 20;

/** A separate file system of 40 MB. */
async function smallDisk(): Promise<string> {
  const folder = join(await temporaryFolder(), 'a~b');
  await mkdir(folder);
  await host.run('mount', ['-t', 'tmpfs', '-o', 'size=40m', 'tmpfs', folder]);
  onTestFinished(async () => {
    await host.run('umount', ['--lazy', folder]);
  });
  return folder;
}

async function wanted(name: string, size: number) {
  const folder = await temporaryFolder();
  const bytes = Buffer.alloc(size, name);
  const path = join(folder, `${name}_1~rc+1.deb`);
  await writeFile(path, bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { sha256, size, label: `${name} 1~rc+1 (from toy)`, urls: [copyUrl(path)] };
}

describe.runIf(asRoot)('a pool on a disk that is too small', () => {
  test('is refused before anything is fetched, with the needed and the free space', async () => {
    const disk = await smallDisk();
    const files = [await wanted('big', 30 * mebi), await wanted('large', 30 * mebi)];
    const error = await rejection(fillPool(host, join(disk, 'pool'), files));
    expect(error).toMatchObject({ code: 'no-space', exitCode: 1 });
    expect(error.message).toBe(
      `No space left on device: the pool ${disk}/pool needs 60.0 MiB more, 40.0 MiB are free`,
    );
    expect(await readdir(join(disk, 'pool', 'partial')).catch(() => [])).toEqual([]);
  });

  test('that becomes full in the meantime is reported as a full disk, not as altered bytes', async () => {
    const disk = await smallDisk();
    const file = await wanted('big', 30 * mebi);
    // Somebody else writes between the check of the disk and the download.
    const busy = {
      ...host,
      run: async (...call: Parameters<typeof host.run>) => {
        if (call[0].endsWith('apt-helper')) await writeFile(join(disk, 'other'), Buffer.alloc(20 * mebi));
        return host.run(...call);
      },
    };
    const error = await rejection(fillPool(busy, join(disk, 'pool'), [file]));
    expect(error.code).toBe('no-space');
    expect(error.message).toMatch(
      /^No space left on device: the pool .*a~b\/pool needs 30\.0 MiB more, \d+\.\d MiB are free$/,
    );
    expect(error.message).not.toMatch(/bytes are not those|altered/);
  });
});

test("apt's reason is assigned to its package, however apt writes the URL", async () => {
  const pool = join(await temporaryFolder(), 'pool');
  const file = await wanted('gone~away', 10);
  const error = await rejection(
    fillPool(host, pool, [{ ...file, urls: ['copy:/nonexistent/gone~away_1%7erc+1.deb'] }]),
  );
  expect(error.excerpt.join('\n')).toMatch(
    /^gone~away 1~rc\+1 \(from toy\)\n.*(?:No such file|Failed to stat|File not found)/,
  );
});
