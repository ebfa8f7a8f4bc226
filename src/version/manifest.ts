import type { Role } from '../inputs/plan/plan.ts';

export type PathType = 'file' | 'directory' | 'symlink' | 'char' | 'block' | 'fifo' | 'socket';

/** One path of an image. Keys are in this order, and keys that do not apply to the type are missing. */
export interface ManifestEntry {
  readonly path: string;
  readonly type: PathType;
  /** Octal text, e.g. "0755". */
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
  /** Seconds since 1970. */
  readonly mtime: number;
  /** Size in bytes and SHA-256 (hex) of a file's content. */
  readonly size?: number;
  readonly sha256?: string;
  /** Target of a symlink. */
  readonly target?: string;
  /** The first path, in the order of the manifest, that is the same file (a hard link). */
  readonly hardLink?: string;
  readonly device?: { readonly major: number; readonly minor: number };
  /** Extended attributes, including capabilities (security.capability): name → hex. */
  readonly xattrs?: Readonly<Record<string, string>>;
}

/** A file that boots the image and is next to its root. */
export interface BootFile {
  /** Name in the image's /boot, e.g. "vmlinuz-6.1.0-56-cloud-amd64". */
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
}

export interface ManifestHead {
  readonly role: Role;
  /** Seconds since 1970. */
  readonly epoch: number;
  /** zstd level of the root's squashfs. Another level gives other bytes, so it is another version. */
  readonly compressionLevel: number;
  readonly boot: { readonly kernel: BootFile; readonly initrd: BootFile };
}

/** Formats seconds since 1970 as the date in records of an image: 2026-11-28T02:53:00Z. */
export function dateText(epoch: number): string {
  return new Date(epoch * 1000).toISOString().replace('.000Z', 'Z');
}

/**
 * The text before the entries. Followed by the entries (one per line, joined by ",\n") and manifestTail, it is one JSON
 * document.
 */
export function manifestHeadText(head: ManifestHead): string {
  const date = dateText(head.epoch);
  const fields = JSON.stringify({
    schema: 1,
    role: head.role,
    date,
    compression: { algorithm: 'zstd', level: head.compressionLevel },
    boot: { kernel: head.boot.kernel, initrd: head.boot.initrd },
  });
  return `${fields.slice(0, -1)},"entries":[\n`;
}

export const manifestTail = '\n]}\n';
