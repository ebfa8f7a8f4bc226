import { uuidV5 } from './uuid.ts';

/**
 * Every identifier on a disk of an image. Two images differ in all of them; two disks of the same image have the same
 * ones.
 */
export interface DiskIdentifiers {
  readonly disk: string;
  readonly biosBootPartition: string;
  readonly bootPartition: string;
  readonly dataPartition: string;
  /** Volume ID of the boot partition's FAT, in the format of mkfs.vfat: 8 hexadecimal digits. */
  readonly fatVolumeId: string;
  /** The same ID in the format of GRUB and blkid: "1A2B-3C4D". */
  readonly fatUuid: string;
  /** UUID and directory hash seed of the data partition's ext4. */
  readonly dataUuid: string;
  readonly dataHashSeed: string;
  /** Id of the disk in a VHD. */
  readonly vhd: string;
  /** Its first 8 digits are the content id of a VMDK. */
  readonly vmdk: string;
  /** GUID of the partition table of an ISO. */
  readonly iso: string;
}

/**
 * Derives the identifiers from the digest of an image's manifest (64 hexadecimal digits). The GUIDs are UUIDs of
 * version 5 (RFC 9562).
 */
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
    vhd: uuid('vhd'),
    vmdk: uuid('vmdk'),
    iso: uuid('iso'),
  };
}
