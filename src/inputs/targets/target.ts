/** A program and its arguments. */
export type PackCommand = readonly [program: string, ...words: string[]];

/** The facts of one image that a target's texts contain. */
export interface ImageFacts {
  readonly role: string;
  readonly version: string;
  /** The name of the image in menus and registries, one word: ingot-master-20261122-0123456789ab. */
  readonly title: string;
  /** dm-verity root hash, lower-case hex. */
  readonly rootHash: string;
  /** The kernel's arguments, except the root hash. */
  readonly kernelArguments: readonly string[];
  /** RAM in MiB that a node needs to run from memory. */
  readonly memoryMiB: number;
  /** Size in bytes of the raw disk; 0 if the targets of a bake need no disk. */
  readonly diskBytes: number;
}

/** The texts of a target: templates that are rendered into a folder of the version. */
export interface TargetTexts {
  /** Folder of the version that they are in. */
  readonly folder: string;
  /** Folder below templates/ with a template NAME.hbs for each file. */
  readonly templates: string;
  readonly names: readonly string[];
  /** The context of the templates. */
  readonly values: (image: ImageFacts) => object;
  /** The names of the files whose kernel command line has the root hash; `ingot verify` compares it with boot.json. */
  readonly withRootHash: readonly string[];
}

/** A file around a disk: an OVA, or the disk of MAAS, whose boot partition has a program for its installer. */
export interface DiskContainer {
  readonly kind: 'ova' | 'maas';
  /** File name of the disk. */
  readonly member: string;
}

/** A file that is made from the raw disk of an image. */
export interface DiskFile {
  /** Path in the version's folder. */
  readonly path: string;
  /**
   * Returns the command that makes the file (absolute path) from a raw disk (absolute path). The same disk must always
   * result in the same bytes.
   */
  readonly pack: (raw: string, file: string) => PackCommand;
  /**
   * Returns the commands that make a raw disk from the file, one after the other; undefined if the file is a qcow2,
   * which QEMU boots directly.
   */
  readonly unpack?: (file: string, raw: string) => readonly PackCommand[];
  /** Identifiers that the command chooses at random; they are replaced by ones derived from the image. */
  readonly identifiers?: 'vmdk' | 'vhd';
  /** What the file of the command is put into: the command writes `member`, and the container is at `path`. */
  readonly container?: DiskContainer;
  /** Path of another target's disk file with the same bytes. If that is made too, this one is a hard link to it. */
  readonly sameAs?: string;
}

/** A medium that is made from the sealed files of an image. */
export interface BootMedium {
  /** Path in the version's folder. */
  readonly path: string;
  /** Path of a text of the target: the configuration of GRUB on the medium. */
  readonly grubConfig: string;
  /** Returns the label of its file system, by which GRUB and the initrd find it. */
  readonly label: (version: string) => string;
}

/**
 * A form in which an image is published. Everything that is specific to it is in its own file of src/inputs/targets.
 */
export interface Target {
  /** Its name in `targets` of cluster.yaml. */
  readonly name: string;
  /** Names that it had in earlier versions; they are accepted with a warning. */
  readonly formerNames?: readonly string[];
  /** What it is for, without a full stop: editors show it. */
  readonly description: string;
  readonly texts?: TargetTexts;
  readonly disks: readonly DiskFile[];
  /** An ISO that boots the sealed files without a disk. */
  readonly medium?: BootMedium;
  /** Hard links: path in the version → path of a file that every version has. */
  readonly links: Readonly<Record<string, string>>;
  /**
   * The limit for the cluster seed if machines of the target get it as user data: the platform's name, and bytes before
   * Base64.
   */
  readonly userDataLimit?: { readonly platform: string; readonly bytes: number };
}
