export interface CpioFile {
  readonly path: string;
  /** With the bits of the type, for example 0o100644. */
  readonly mode: number;
  readonly mtime?: number;
  readonly content?: string | Buffer;
}

/** A cpio archive in the "new ASCII" format, as in an initrd. */
export function cpioArchive(files: readonly CpioFile[]): Buffer {
  const padded = (bytes: Buffer): Buffer =>
    Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
  const one = ({ path, mode, mtime = 0, content = '' }: CpioFile, inode: number): Buffer => {
    const body = Buffer.from(content);
    const name = Buffer.from(`${path}\0`);
    const numbers = [inode, mode, 0, 0, 1, mtime, body.length, 0, 0, 0, 0, name.length, 0];
    const header = `070701${numbers.map((number) => number.toString(16).toUpperCase().padStart(8, '0')).join('')}`;
    return Buffer.concat([padded(Buffer.concat([Buffer.from(header), name])), padded(body)]);
  };
  return Buffer.concat([...files, { path: 'TRAILER!!!', mode: 0 }].map(one));
}
