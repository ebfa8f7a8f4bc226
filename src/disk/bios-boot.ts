import { open, readFile } from 'node:fs/promises';
import { IngotError } from '../host/ingot-error.ts';
import { type Extent, sectorSize } from './disk-layout.ts';

/** From Debian's grub-pc-bin. */
const bootImage = '/usr/lib/grub/i386-pc/boot.img';
/** After these bytes of sector 0 come the disk's signature and the protective partition table. */
const bootCodeSize = 440;

/** GRUB's boot.img as the boot code of a disk whose core.img begins at sector `coreSector` (offsets: grub-core/boot/i386/pc/boot.S). */
export function patchBootCode(bootImg: Buffer, coreSector: number): Buffer {
  const code = Buffer.from(bootImg.subarray(0, bootCodeSize));
  code.writeBigUInt64LE(BigInt(coreSector), 0x5c);
  code[0x64] = 0xff; // the disk that the BIOS booted
  code.fill(0x90, 0x66, 0x68); // skip the test for a floppy, as grub-bios-setup does
  return code;
}

/** core.img with the block list of its first sector saying where the rest of it lies (offsets: grub-core/boot/i386/pc/diskboot.S). */
export function patchCore(core: Buffer, coreSector: number): Buffer {
  const patched = Buffer.from(core);
  patched.writeBigUInt64LE(BigInt(coreSector + 1), 0x1f4);
  patched.writeUInt16LE(Math.ceil(core.length / sectorSize) - 1, 0x1fc);
  patched.writeUInt16LE(0x820, 0x1fe); // the segment to which it is loaded
  return patched;
}

/** Writes GRUB for BIOS into a disk file: boot.img into sector 0, core.img into the BIOS boot partition. Its table must be written already. */
export async function installBiosBoot(disk: string, coreFile: string, partition: Extent): Promise<void> {
  const core = await readFile(coreFile);
  if (core.length > partition.sectors * sectorSize) {
    throw new IngotError({
      code: 'too-large',
      message: `GRUB's core.img has ${core.length} bytes, more than the BIOS boot partition holds.`,
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
