import { open, readFile } from 'node:fs/promises';
import { IngotError } from '../host/ingot-error.ts';
import { type Extent, sectorSize } from './disk-layout.ts';

/** From Debian's grub-pc-bin. */
const bootImage = '/usr/lib/grub/i386-pc/boot.img';
/** The boot code is this long. The rest of sector 0 holds the disk's signature and the protective partition table. */
const bootCodeSize = 440;

/**
 * Returns GRUB's boot.img as the boot code of a disk whose core.img starts at sector `coreSector` (offsets:
 * grub-core/boot/i386/pc/boot.S).
 */
export function patchBootCode(bootImg: Buffer, coreSector: number): Buffer {
  const code = Buffer.from(bootImg.subarray(0, bootCodeSize));
  code.writeBigUInt64LE(BigInt(coreSector), 0x5c);
  code[0x64] = 0xff; // the disk that the BIOS booted
  code.fill(0x90, 0x66, 0x68); // skip the floppy test, as grub-bios-setup does
  return code;
}

/**
 * Returns core.img with the block list in its first sector pointing to the rest of it (offsets:
 * grub-core/boot/i386/pc/diskboot.S).
 */
export function patchCore(core: Buffer, coreSector: number): Buffer {
  const patched = Buffer.from(core);
  patched.writeBigUInt64LE(BigInt(coreSector + 1), 0x1f4);
  patched.writeUInt16LE(Math.ceil(core.length / sectorSize) - 1, 0x1fc);
  patched.writeUInt16LE(0x820, 0x1fe); // the segment that it is loaded to
  return patched;
}

/**
 * Writes GRUB for BIOS to a disk file: boot.img to sector 0, core.img to the BIOS boot partition. The partition table
 * must already be written.
 * @throws IngotError too-large if core.img does not fit into the BIOS boot partition
 */
export async function installBiosBoot(disk: string, coreFile: string, partition: Extent): Promise<void> {
  const core = await readFile(coreFile);
  if (core.length > partition.sectors * sectorSize) {
    throw new IngotError({
      code: 'too-large',
      message: `GRUB's core.img has ${core.length} bytes, more than the BIOS boot partition holds`,
    });
  }
  const code = patchBootCode(await readFile(bootImage), partition.first);
  const patched = patchCore(core, partition.first);
  const file = await open(disk, 'r+');
  try {
    await file.write(code, 0, code.length, 0);
    await file.write(patched, 0, patched.length, partition.first * sectorSize);
  } finally {
    await file.close();
  }
}
