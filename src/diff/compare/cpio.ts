import { createHash } from 'node:crypto';
import { IngotError } from '../../host/ingot-error.ts';
import { type Facts, factsOf } from '../../version/facts.ts';

/** One path of a cpio archive. */
export interface CpioEntry {
  /** With a leading slash. */
  readonly path: string;
  readonly facts: Facts;
  readonly content: Buffer;
}

const headerBytes = 110;
const aligned = (offset: number): number => (offset + 3) & ~3;

/**
 * Parses a cpio archive in the "new ASCII" format of initrds (the kernel's driver-api/early-userspace/buffer-format).
 * @throws IngotError not-a-version when it is not one
 */
export function readCpio(archive: Buffer, name: string): CpioEntry[] {
  const entries: CpioEntry[] = [];
  let at = 0;
  for (;;) {
    const magic = archive.toString('latin1', at, at + 6);
    if (magic !== '070701' && magic !== '070702') {
      throw new IngotError({
        code: 'not-a-version',
        message: `${name} is not a cpio archive at byte ${at} of its unpacked content`,
      });
    }
    const field = (index: number): number =>
      Number.parseInt(archive.toString('latin1', at + 6 + index * 8, at + 14 + index * 8), 16);
    const [inode, mode, uid, gid, , mtime, size, , , major, minor, nameSize] = Array.from(
      { length: 12 },
      (_, i) => field(i),
    ) as [number, number, number, number, number, number, number, number, number, number, number, number];
    const path = archive.toString('utf8', at + headerBytes, at + headerBytes + nameSize - 1);
    const begin = aligned(at + headerBytes + nameSize);
    const content = archive.subarray(begin, begin + size);
    at = aligned(begin + size);
    if (path === 'TRAILER!!!') return entries;
    const isLink = (mode & 0o170000) === 0o120000;
    const facts = factsOf({
      type: types.get(mode & 0o170000) ?? 'unknown',
      mode: (mode & 0o7777).toString(8).padStart(4, '0'),
      ...{ uid, gid, mtime, inode, size },
      ...(isLink ? { target: content.toString('utf8') } : {}),
      ...(major === 0 && minor === 0 ? {} : { device: { major, minor } }),
      sha256: createHash('sha256').update(content).digest('hex'),
    });
    entries.push({ path: `/${path.replace(/^\.?\/*/, '')}`, facts, content });
  }
}

const types = new Map([
  [0o100000, 'file'],
  [0o040000, 'directory'],
  [0o120000, 'symlink'],
  [0o020000, 'char'],
  [0o060000, 'block'],
  [0o010000, 'fifo'],
  [0o140000, 'socket'],
]);
