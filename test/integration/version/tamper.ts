import { mkdir, open, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** One way to make a version differ from the one that was signed; paths are relative to its folder. */
export type Tampering =
  | { readonly kind: 'alter'; readonly file: string; readonly at: number; readonly xor: number }
  | { readonly kind: 'lengthen' | 'shorten' | 'remove' | 'link'; readonly file: string }
  | { readonly kind: 'rename' | 'swap'; readonly file: string; readonly other: string }
  | { readonly kind: 'add'; readonly file: string };

/** Does it; a swap of files with the same content changes nothing, so it must not be requested. */
export async function tamper(folder: string, what: Tampering): Promise<void> {
  const path = join(folder, what.file);
  switch (what.kind) {
    case 'alter': {
      const handle = await open(path, 'r+');
      const { size } = await handle.stat();
      const offset = Math.floor(what.at * size);
      const byte = Buffer.alloc(1);
      await handle.read(byte, 0, 1, offset);
      byte[0] = (byte[0] ?? 0) ^ what.xor;
      await handle.write(byte, 0, 1, offset);
      await handle.close();
      return;
    }
    case 'lengthen':
      return writeFile(path, '\n', { flag: 'a' });
    case 'shorten':
      return writeFile(path, (await readFile(path)).subarray(0, -1));
    case 'remove':
      return rm(path);
    case 'link': {
      // The same bytes, but not inside the folder: they may change later.
      const elsewhere = join(folder, '..', `elsewhere-${process.pid}`);
      await rename(path, elsewhere);
      return symlink(elsewhere, path);
    }
    case 'rename':
      await mkdir(dirname(join(folder, what.other)), { recursive: true });
      return rename(path, join(folder, what.other));
    case 'swap': {
      const aside = join(folder, '..', `aside-${process.pid}`);
      await rename(path, aside);
      await rename(join(folder, what.other), path);
      return rename(aside, join(folder, what.other));
    }
    case 'add':
      await mkdir(dirname(path), { recursive: true });
      return writeFile(path, '', { flag: 'wx' });
  }
}
