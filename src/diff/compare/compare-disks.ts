import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../../host/host.ts';

const sector = 512;
/** Protective MBR, header and 128 entries of a GPT (UEFI specification 2.10, 5.3). */
const tableSectors = 34;

/**
 * Describes what a guest reads differently from two disks, one sentence each: the first offset, and the partition that
 * contains it.
 */
export async function compareDisks(
  host: Host,
  stored: string,
  made: string,
  work: string,
): Promise<string[]> {
  const compared = await host.run('qemu-img', ['compare', '-f', 'qcow2', '-F', 'qcow2', stored, made], {
    accept: [0, 1],
  });
  if (compared.exitCode === 0)
    return ['a guest reads the same bytes from both; only their layout in the qcow2 differs'];
  const place = /mismatch at offset (\d+)/.exec(compared.stdout)?.[1];
  if (place === undefined) return [compared.stdout.trim().replaceAll('\n', '; ')];
  const table = join(work, 'partition-table');
  await host.run('qemu-img', [
    ...[
      'dd',
      '-f',
      'qcow2',
      '-O',
      'raw',
      `bs=${sector}`,
      `count=${tableSectors}`,
      `if=${stored}`,
      `of=${table}`,
    ],
  ]);
  const inside = partitionAt(await readTable(table), Number(place));
  return [`what a guest reads from it differs from byte ${place} on, ${inside}`];
}

async function readTable(file: string): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const table = Buffer.alloc(tableSectors * sector);
    await handle.read(table, 0, table.length, 0);
    return table;
  } finally {
    await handle.close();
  }
}

/** The location of a byte of a disk, according to the partition table at the start of the disk. */
export function partitionAt(table: Buffer, offset: number): string {
  if (table.toString('latin1', sector, sector + 8) !== 'EFI PART') return 'on a disk without partition table';
  if (offset < tableSectors * sector) return 'in the partition table';
  for (let at = 2 * sector; at + 128 <= table.length; at += 128) {
    const first = Number(table.readBigUInt64LE(at + 32)) * sector;
    const end = (Number(table.readBigUInt64LE(at + 40)) + 1) * sector;
    if (first === 0 || offset < first || offset >= end) continue;
    const name = table.toString('utf16le', at + 56, at + 128).replace(/\0.*$/s, '');
    return `byte ${offset - first} of the partition ${name}`;
  }
  return 'outside of the partitions';
}
