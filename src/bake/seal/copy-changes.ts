import { createReadStream, createWriteStream } from 'node:fs';
import { open, truncate } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { readTar } from './tar-reader.ts';

const block = 512;

/**
 * Copies the archive at the start of a build guest's export disk (absolute paths) to a separate file, without the empty
 * rest of the disk.
 * @throws IngotError wrong-export for an archive that is damaged
 */
export async function copyChanges(changesDisk: string, to: string): Promise<void> {
  const disk = await open(changesDisk, 'r');
  let end = 0;
  try {
    for await (const { offset, size } of readTar(disk)) end = offset + Math.ceil(size / block) * block;
  } finally {
    await disk.close();
  }
  await pipeline(createReadStream(changesDisk, { end: end - 1 }), createWriteStream(to));
  // Two empty blocks mark the end (tar(5)).
  await truncate(to, end + 2 * block);
}
