import { stat } from 'node:fs/promises';
import type { Role } from '../plan/plan.ts';

/** boot.json: what a server or an update has to know to boot a version. */
export interface BootRecord {
  readonly schema: 1;
  readonly role: Role;
  readonly version: string;
  /** dm-verity root hash, lower-case hex. */
  readonly rootHash: string;
  /** Bytes of root.squashfs. */
  readonly rootBytes: number;
  /** Beside those that say where the root is and what its hash is. */
  readonly kernelArguments: readonly string[];
  /** RAM in MiB that a node needs to run from memory: the root, its hash tree, and what the role needs beside them. */
  readonly memoryMiB: number;
}

const mebibyte = 1024 * 1024;

/**
 * RAM in MiB that a node needs to run from memory.
 * @param files what the node keeps of the image in memory: root.squashfs and root.verity
 * @param besideMiB what the role needs beside them
 */
export async function memoryOf(files: readonly string[], besideMiB: number): Promise<number> {
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return Math.ceil(sizes.reduce((sum, size) => sum + size, 0) / mebibyte) + besideMiB;
}

/** The text of boot.json. */
export function bootRecordText(record: BootRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}
