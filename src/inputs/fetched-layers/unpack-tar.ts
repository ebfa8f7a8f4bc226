import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar-stream';
import { TreeFault } from './tree-fault.ts';
import type { ArchivedEntry, TreeWriter } from './tree-writer.ts';

const kinds: Readonly<Record<string, ArchivedEntry['kind']>> = {
  file: 'file',
  'contiguous-file': 'file',
  directory: 'folder',
  symlink: 'link',
  link: 'hard link',
};

function kindOf(type: string | null, pax: object): ArchivedEntry['kind'] {
  // The content of a sparse file is not what stands in the archive.
  if (Object.keys(pax).some((key) => key.startsWith('GNU.sparse'))) return 'other';
  return kinds[type ?? ''] ?? 'other';
}

/** A header as tar-stream gives it; the package has no types. */
interface Header {
  readonly name: string;
  /** null for a type that it does not know. */
  readonly type: string | null;
  readonly mode: number;
  readonly linkname: string | null;
  readonly pax: object | null | undefined;
}

function damaged(error: unknown): TreeFault {
  const why = error instanceof Error ? error.message : 'it cannot be read';
  return new TreeFault(`it is not a tar archive, or is damaged: ${why}`, 'a whole archive');
}

/**
 * Unpacks an uncompressed tar with a writer, which decides what may be written.
 * @param file absolute
 * @throws TreeFault if it is not a tar, is damaged, or has an entry that no layer may have
 */
export async function unpackTar(file: string, writer: TreeWriter): Promise<void> {
  const entries = extract();
  const reading = pipeline(createReadStream(file), entries).then(
    () => undefined,
    (error: unknown) => error,
  );
  try {
    for await (const entry of entries) {
      const { name, type, mode, linkname, pax } = entry.header as Header;
      const content = entry as AsyncIterable<Uint8Array>;
      await writer.add({ path: name, kind: kindOf(type, pax ?? {}), mode, target: linkname ?? '' }, content);
      // What the writer did not take is skipped.
      entry.resume();
    }
  } catch (error) {
    await reading;
    const { code } = error as NodeJS.ErrnoException;
    throw error instanceof TreeFault || code !== undefined ? error : damaged(error);
  }
  const failure = await reading;
  if (failure !== undefined) throw damaged(failure);
}
