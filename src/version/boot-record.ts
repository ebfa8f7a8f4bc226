import { stat } from 'node:fs/promises';
import type { Role } from '../inputs/plan/plan.ts';

/**
 * The cluster that a version is for, and its age: what a node compares with its own version before it accepts an
 * update.
 */
export interface VersionOrigin {
  /** The cluster of the spec. */
  readonly cluster: string;
  /**
   * The date of the lock to the second, as in the manifest and in release.json. It decides which of two versions is
   * older.
   */
  readonly date: string;
  /** False if the image contains stand-ins. */
  readonly production: boolean;
  readonly architecture: string;
  readonly layout: string;
  /** Missing from versions of the time when every cluster had Marathon. */
  readonly scheduler?: string;
}

/**
 * boot.json: what a server or an update needs to boot a version. Schema 1, of older versions, does not state their
 * origin.
 */
export type BootRecord =
  (BootFacts & { readonly schema: 1 }) | (BootFacts & VersionOrigin & { readonly schema: 2 });

export interface BootFacts {
  readonly role: Role;
  readonly version: string;
  /** dm-verity root hash, lower-case hex. */
  readonly rootHash: string;
  /** Bytes of root.squashfs. */
  readonly rootBytes: number;
  /** The kernel arguments, without those for the location of the root and its hash. */
  readonly kernelArguments: readonly string[];
  /** RAM in MiB that a node needs to run from memory: the root, its hash tree, and what the role needs in addition. */
  readonly memoryMiB: number;
}

const mebibyte = 1024 * 1024;

/**
 * Calculates the RAM in MiB that a node needs to run from memory.
 * @param files what the node keeps of the image in memory: root.squashfs and root.verity
 * @param besideMiB what the role needs in addition
 */
export async function memoryOf(files: readonly string[], besideMiB: number): Promise<number> {
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return Math.ceil(sizes.reduce((sum, size) => sum + size, 0) / mebibyte) + besideMiB;
}

/** Name of the boot record in a version folder. */
export const bootRecordName = 'boot.json';

/** The text of boot.json. */
export function bootRecordText(record: BootRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}
