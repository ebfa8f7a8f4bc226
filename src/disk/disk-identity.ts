import { open } from 'node:fs/promises';
import { IngotError } from '../host/ingot-error.ts';
import { diskIdentifiers } from '../inputs/plan/disk-identifiers.ts';
import type { DiskFile } from '../inputs/targets/target.ts';

/** What the identifiers in a disk file are derived from. */
export interface DiskIdentity {
  /** Hexadecimal. */
  readonly manifestSha256: string;
  /** The date of the image in seconds since 1970. */
  readonly epoch: number;
}

const sector = 512;
/** The descriptor of a VMDK is in the first sectors of the file. */
const descriptorBytes = 4096;

/** qemu-img writes a random id twice, without leading zeros: the end of a longer text may follow the zero of a shorter. */
const mostDigits = 8;

/**
 * Returns the start of a VMDK with another content id (VMware, "Virtual Disk Format 5.0", "The Header").
 * @param contentId 8 hexadecimal digits; qemu-img writes its own without leading zeros, so the text may grow
 * @returns undefined if it is not the start of a VMDK with a descriptor, or if the descriptor has no room
 */
export function withContentId(start: Buffer, contentId: string): Buffer | undefined {
  const text = start.toString('latin1');
  const found = /\nCID=([0-9a-f]{1,8})\n/.exec(text);
  if (found === null || !text.startsWith('KDMV')) return undefined;
  const end = text.indexOf('\0', found.index);
  if (end < 0 || text.length < end + mostDigits) return undefined;
  const [line] = found;
  const descriptor = `${text.slice(0, found.index)}\nCID=${contentId}\n${text.slice(found.index + line.length, end)}`;
  return Buffer.from(descriptor.padEnd(end + mostDigits, '\0') + text.slice(end + mostDigits), 'latin1');
}

/** Seconds between 1970 and the year 2000, from which a VHD counts. */
const vhdStart = Date.UTC(2000) / 1000;

/**
 * Returns the footer of a VHD with another time and id, and the checksum of that (Microsoft, "Virtual Hard Disk Image
 * Format Specification", "Hard Disk Footer Format").
 * @param footer 512 bytes
 * @returns undefined if it is not a footer
 */
export function withVhdIdentity(footer: Buffer, id: string, epoch: number): Buffer | undefined {
  if (footer.length !== sector || footer.toString('latin1', 0, 8) !== 'conectix') return undefined;
  const changed = Buffer.from(footer);
  changed.writeUInt32BE(Math.max(0, epoch - vhdStart), 24);
  changed.write(id.replaceAll('-', ''), 68, 'hex');
  changed.fill(0, 64, 68);
  const sum = changed.reduce((total, byte) => total + byte, 0);
  changed.writeUInt32BE(~sum >>> 0, 64);
  return changed;
}

type Change = (before: Buffer) => Buffer | undefined;

/** Changes parts of a file in place: [first byte, bytes, change]. */
async function changeFile(
  path: string,
  partsOf: (size: number) => readonly (readonly [number, number, Change])[],
): Promise<void> {
  const file = await open(path, 'r+');
  try {
    for (const [at, length, change] of partsOf((await file.stat()).size)) {
      const before = Buffer.alloc(length);
      const { bytesRead } = await file.read(before, 0, length, at);
      const after = change(before.subarray(0, bytesRead));
      if (after === undefined)
        throw new IngotError({
          code: 'command-failed',
          message: `qemu-img wrote ${path} in a form that ingot does not know: its random identifiers cannot be replaced`,
          hint: 'report this with the version of qemu-utils',
        });
      await file.write(after, 0, after.length, at);
    }
  } finally {
    await file.close();
  }
}

/** Replaces what qemu-img chose at random in a disk file by values that are derived from the image. */
export async function setDiskIdentity(
  path: string,
  kind: NonNullable<DiskFile['identifiers']>,
  { manifestSha256, epoch }: DiskIdentity,
): Promise<void> {
  const ids = diskIdentifiers(manifestSha256);
  if (kind === 'vmdk') {
    const contentId = ids.vmdk.slice(0, 8);
    await changeFile(path, () => [[0, descriptorBytes, (start) => withContentId(start, contentId)]]);
    return;
  }
  const change: Change = (footer) => withVhdIdentity(footer, ids.vhd, epoch);
  // A dynamic disk begins with a copy of its footer.
  await changeFile(path, (size) => [0, size - sector].map((at) => [at, sector, change] as const));
}
