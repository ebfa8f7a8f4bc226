import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../host/host.ts';

/** A file of a NoCloud seed: user-data, meta-data or network-config (cloud-init documentation, "NoCloud"). */
export interface SeedFile {
  readonly path: string;
  readonly content: string;
}

// xorriso takes the dates and the identifier of the disk from SOURCE_DATE_EPOCH. It sets the dates of files and folders
// only with --set_all_file_dates (xorriso(1), xorrisofs(1)). The date is 1980-01-01.
const epoch = '315532800';

/**
 * Makes the NoCloud disk of a node: an ISO 9660 file system labelled cidata. The same files give the same bytes.
 * @param folder absolute; created if it does not exist
 * @returns absolute path of the image file
 */
export async function seedDisk(host: Host, files: readonly SeedFile[], folder: string): Promise<string> {
  const content = join(folder, 'seed');
  await mkdir(content, { recursive: true });
  for (const file of files) await writeFile(join(content, file.path), file.content);
  const image = join(folder, 'seed.iso');
  const options = ['-quiet', '-V', 'cidata', '-J', '-r', '--set_all_file_dates', `=${epoch}`];
  await host.run('xorriso', ['-as', 'mkisofs', ...options, '-o', image, content], {
    env: { SOURCE_DATE_EPOCH: epoch },
  });
  return image;
}
