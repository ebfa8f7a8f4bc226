/** A folder or a program of an initrd; the path has no leading slash. */
export interface InitrdEntry {
  readonly path: string;
  /** Not present for a folder. */
  readonly content?: Buffer;
}

const folderMode = 0o040755;
const fileMode = 0o100755;

const padded = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);

function record(inode: number, mode: number, path: string, content: Buffer): Buffer {
  const name = Buffer.from(`${path}\0`);
  const links = mode === folderMode ? 2 : 1;
  const fields = [inode, mode, 0, 0, links, 0, content.length, 0, 0, 0, 0, name.length, 0];
  const header = `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`;
  return Buffer.concat([padded(Buffer.concat([Buffer.from(header), name])), padded(content)]);
}

/**
 * Returns a cpio archive in the "new ASCII" format that the kernel unpacks (driver-api/early-userspace/buffer-format).
 * All entries belong to root, are executable and have no time, so the same entries give the same bytes. A folder must
 * come before its content.
 */
export function cpioArchive(entries: readonly InitrdEntry[]): Buffer {
  const nothing = Buffer.alloc(0);
  const records = entries.map(({ path, content }, index) =>
    record(index + 1, content === undefined ? folderMode : fileMode, path, content ?? nothing),
  );
  return Buffer.concat([...records, record(0, 0, 'TRAILER!!!', nothing)]);
}
