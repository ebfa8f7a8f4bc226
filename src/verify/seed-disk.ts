import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../host/host.ts';

/** A file of a NoCloud seed: user-data, meta-data, perhaps network-config (cloud-init documentation, "NoCloud"). */
export interface SeedFile {
  readonly path: string;
  readonly content: string;
}

/**
 * Makes the NoCloud disk of a node: an ISO 9660 file system labelled cidata.
 * @param folder absolute; made here
 * @returns absolute path of the image file
 */
export async function seedDisk(host: Host, files: readonly SeedFile[], folder: string): Promise<string> {
  const content = join(folder, 'seed');
  await mkdir(content, { recursive: true });
  for (const file of files) await writeFile(join(content, file.path), file.content);
  const image = join(folder, 'seed.iso');
  await host.run('xorriso', ['-as', 'mkisofs', '-quiet', '-V', 'cidata', '-J', '-r', '-o', image, content]);
  return image;
}
