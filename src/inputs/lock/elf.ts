/** What a program or library declares to the loader (elf(5)). */
export interface Elf {
  /** Whether it is a program that the loader starts, and not a library. */
  readonly isProgram: boolean;
  /** The libraries that must be loaded with it (DT_NEEDED). */
  readonly needed: readonly string[];
  /** The name under which others request it from the loader (DT_SONAME). */
  readonly soname: string | undefined;
}

const types = { load: 1, dynamic: 2, interpreter: 3 } as const;
const tags = { end: 0n, needed: 1n, strings: 5n, soname: 14n } as const;

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
}

function segmentsOf(bytes: Buffer): Segment[] {
  const start = Number(bytes.readBigUInt64LE(32));
  const [size, count] = [bytes.readUInt16LE(54), bytes.readUInt16LE(56)];
  return Array.from({ length: count }, (_, index) => {
    const at = start + index * size;
    const number = (offset: number): number => Number(bytes.readBigUInt64LE(at + offset));
    return { type: bytes.readUInt32LE(at), offset: number(8), address: number(16), size: number(32) };
  });
}

/**
 * Reads an ELF file for amd64.
 * @returns undefined for any other file, and for one that is damaged or not linked dynamically
 */
export function readElf(bytes: Buffer): Elf | undefined {
  // EI_CLASS 2 means 64 bits, EI_DATA 1 means little endian.
  if (bytes.length < 64 || bytes.readUInt32BE(0) !== 0x7f454c46 || bytes[4] !== 2 || bytes[5] !== 1)
    return undefined;
  try {
    const segments = segmentsOf(bytes);
    const dynamic = segments.find(({ type }) => type === types.dynamic);
    if (dynamic === undefined) return undefined;
    const entries: [bigint, bigint][] = [];
    for (let at = dynamic.offset; at < dynamic.offset + dynamic.size; at += 16) {
      const tag = bytes.readBigUInt64LE(at);
      if (tag === tags.end) break;
      entries.push([tag, bytes.readBigUInt64LE(at + 8)]);
    }
    const address = Number(entries.find(([tag]) => tag === tags.strings)?.[1] ?? 0n);
    const home = segments.find(
      (one) => one.type === types.load && address >= one.address && address < one.address + one.size,
    );
    if (home === undefined) return undefined;
    const strings = home.offset + address - home.address;
    const named = (wanted: bigint): string[] =>
      entries
        .filter(([tag]) => tag === wanted)
        .map(([, value]) => {
          const from = strings + Number(value);
          return bytes.toString('latin1', from, bytes.indexOf(0, from));
        });
    return {
      isProgram: segments.some(({ type }) => type === types.interpreter),
      needed: named(tags.needed),
      soname: named(tags.soname)[0],
    };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
