import type { FileHandle } from 'node:fs/promises';
import { IngotError } from '../../host/ingot-error.ts';
import { parsePax, type PaxRecords } from './pax-records.ts';

export type TarType = 'file' | 'hard-link' | 'symlink' | 'char' | 'block' | 'directory' | 'fifo';

export interface TarEntry {
  /** As written in the archive, e.g. "./etc/hosts". */
  readonly name: string;
  readonly type: TarType;
  /** Permission bits, set-id bits and sticky bit. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of content. */
  readonly size: number;
  /** Seconds since 1970. */
  readonly mtime: number;
  readonly linkName: string;
  readonly major: number;
  readonly minor: number;
  readonly xattrs: ReadonlyMap<string, Buffer>;
  /** Where the content begins in the file that is being read. */
  readonly offset: number;
}

const block = 512;
const longestHeader = 1024 * 1024;
// 2^32 - 1 means "unchanged" to chown(2).
const maxNumber = 0xffff_fffe;
// Times of a squashfs have 32 bits.
const maxTime = 0xffff_ffff;
// makedev(3)
const maxMajor = 0xfff;
const maxMinor = 0xfffff;
const types: Readonly<Record<string, TarType>> = {
  '\0': 'file',
  '0': 'file',
  '1': 'hard-link',
  '2': 'symlink',
  '3': 'char',
  '4': 'block',
  '5': 'directory',
  '6': 'fifo',
  '7': 'file',
};

/**
 * Reads the headers of a POSIX (pax) or GNU tar archive at the start of `file`, which may be longer (a raw disk), up to
 * its end-of-archive mark (tar(5), pax(1)). Content is not read: it begins at `offset`. Extended attributes are
 * returned as raw bytes, which capabilities need and text-decoding readers destroy.
 * @throws IngotError wrong-export for an archive that is damaged or truncated, or a kind of entry that our exports
 *   never have
 */
export async function* readTar(file: FileHandle): AsyncGenerator<TarEntry> {
  const { size: end } = await file.stat();
  let position = 0;
  let pax: PaxRecords = { xattrs: new Map() };
  let longName: string | undefined;
  let longLink: string | undefined;
  let first = true;
  for (;;) {
    const header = await readExactly(file, position, block, end);
    if (header.every((byte) => byte === 0)) {
      if (first) throw damaged('there is no archive in it', position);
      return;
    }
    first = false;
    checkSum(header, position);
    const typeFlag = header.toString('latin1', 156, 157);
    const size = pax.size ?? number(header, 124, 12, position);
    const offset = position + block;
    if (offset + size > end) throw damaged('an entry is longer than the file', position);
    position = offset + Math.ceil(size / block) * block;
    if (typeFlag === 'x' || typeFlag === 'L' || typeFlag === 'K') {
      if (size > longestHeader) throw damaged('an extended header is longer than 1 MiB', offset);
      const body = await readExactly(file, offset, size, end);
      if (typeFlag === 'x') pax = parsePax(body);
      else if (typeFlag === 'L') longName = text(body, 0, size);
      else longLink = text(body, 0, size);
      continue;
    }
    const type = types[typeFlag];
    if (type === undefined)
      throw damaged(`an entry of the unexpected type ${JSON.stringify(typeFlag)}`, offset);
    yield {
      name: pax.path ?? longName ?? shortName(header),
      type,
      mode: number(header, 100, 8, offset) & 0o7777,
      uid: atMost(maxNumber, pax.uid ?? number(header, 108, 8, offset), offset),
      gid: atMost(maxNumber, pax.gid ?? number(header, 116, 8, offset), offset),
      size: type === 'file' ? size : 0,
      mtime: atMost(maxTime, pax.mtime ?? number(header, 136, 12, offset), offset),
      linkName: pax.linkPath ?? longLink ?? text(header, 157, 100),
      major: atMost(maxMajor, number(header, 329, 8, offset), offset),
      minor: atMost(maxMinor, number(header, 337, 8, offset), offset),
      xattrs: pax.xattrs,
      offset,
    };
    pax = { xattrs: new Map() };
    longName = longLink = undefined;
  }
}

function atMost(most: number, value: number, position: number): number {
  if (value > most) throw damaged(`the number ${value}, which is more than ${most}`, position);
  return value;
}

function shortName(header: Buffer): string {
  // GNU's old format has other fields where POSIX has the prefix; its magic ends in a space.
  const prefix = header.toString('latin1', 257, 263) === 'ustar\0' ? text(header, 345, 155) : '';
  const name = text(header, 0, 100);
  return prefix === '' ? name : `${prefix}/${name}`;
}

function text(bytes: Buffer, start: number, length: number): string {
  const field = bytes.subarray(start, start + length);
  const nul = field.indexOf(0);
  return (nul === -1 ? field : field.subarray(0, nul)).toString('utf8');
}

/** Octal text, or GNU's base-256 when the first bit is set. */
function number(header: Buffer, start: number, length: number, position: number): number {
  const field = header.subarray(start, start + length);
  let value = 0;
  if (((field[0] ?? 0) & 0x80) !== 0) {
    field.forEach((byte, index) => (value = value * 256 + (index === 0 ? byte & 0x7f : byte)));
  } else {
    const digits = text(field, 0, length).trim();
    if (!/^[0-7]*$/.test(digits)) throw damaged('an invalid number', position);
    value = digits === '' ? 0 : Number.parseInt(digits, 8);
  }
  if (!Number.isSafeInteger(value)) throw damaged('a number that is too large', position);
  return value;
}

function checkSum(header: Buffer, position: number): void {
  const want = number(header, 148, 8, position);
  let sum = 8 * 0x20; // the field itself counts as spaces
  header.forEach((byte, index) => (sum += index >= 148 && index < 156 ? 0 : byte));
  if (sum !== want) throw damaged('a header with a wrong checksum', position);
}

async function readExactly(file: FileHandle, position: number, length: number, end: number): Promise<Buffer> {
  if (position + length > end) throw damaged('it ends in the middle of an archive', position);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  if (bytesRead !== length) throw damaged('it ends in the middle of an archive', position);
  return buffer;
}

function damaged(what: string, position: number): IngotError {
  return new IngotError({
    code: 'wrong-export',
    message: `The export disk of the build guest cannot be read: ${what} (at byte ${position}).`,
    hint: 'The guest probably did not finish its export: look at the end of its console log.',
  });
}
