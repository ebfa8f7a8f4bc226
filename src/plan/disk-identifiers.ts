import { createHash } from 'node:crypto';

/** Every identifier on a disk of an image. Two images differ in all of them, two disks of one image in none. */
export interface DiskIdentifiers {
  readonly disk: string;
  readonly biosBootPartition: string;
  readonly bootPartition: string;
  readonly dataPartition: string;
  /** Volume id of the boot partition's FAT, as mkfs.vfat takes it: 8 hexadecimal digits. */
  readonly fatVolumeId: string;
  /** The same as GRUB and blkid write it: "1A2B-3C4D". */
  readonly fatUuid: string;
  /** UUID and directory hash seed of the data partition's ext4. */
  readonly dataUuid: string;
  readonly dataHashSeed: string;
}

/** The namespace of ingot's identifiers: a UUID made once, at random. */
const namespace = Buffer.from('3f0a1d0c6f5b4c7e9a527d1e8b6c4f29', 'hex');

/** Derives the identifiers from the digest of an image's manifest (64 hexadecimal digits): GUIDs are UUIDs of version 5 (RFC 9562). */
export function diskIdentifiers(manifestSha256: string): DiskIdentifiers {
  const uuid = (label: string): string => uuidV5(`${manifestSha256}/${label}`);
  const volume = uuid('fat').slice(0, 8).toUpperCase();
  return {
    disk: uuid('disk'),
    biosBootPartition: uuid('bios-boot'),
    bootPartition: uuid('boot'),
    dataPartition: uuid('data'),
    fatVolumeId: volume,
    fatUuid: `${volume.slice(0, 4)}-${volume.slice(4)}`,
    dataUuid: uuid('data-ext4'),
    dataHashSeed: uuid('data-hash-seed'),
  };
}

function uuidV5(name: string): string {
  const bytes = createHash('sha1').update(namespace).update(name).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
