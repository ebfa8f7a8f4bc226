import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { filesBelow } from '../../host/files-below.ts';

/** A file of a report. */
export interface BundleFile {
  /** Its path in the archive. */
  readonly path: string;
  readonly text: string;
}

/** A file that is not in the report. */
export interface OmittedFile {
  readonly path: string;
  readonly why: string;
}

/** Only the end of a larger log is read. */
const largest = 8 * 1024 ** 2;
/** Files that say nothing about a failure, or are keys. */
const useless = /^packer-cache\/|^tmp\/|(?:^|\/)(?:id_|.*\.(?:pem|key)$)/;

/** The text of a file; undefined if it is binary. */
async function readEnd(file: string): Promise<string | undefined> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const from = Math.max(0, size - largest);
    const bytes = Buffer.alloc(size - from);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, from);
    const read = bytes.subarray(0, bytesRead);
    const text = read.toString('utf8');
    if (read.includes(0) && !/\.log$/.test(file)) return undefined;
    const whole = from === 0 ? text : `--- only the end: the file has ${size} bytes\n${text}`;
    return whole.replaceAll('\0', '');
  } finally {
    await handle.close();
  }
}

/**
 * Reads the logs of a run for a report. Links are not followed.
 * @param logs absolute folder
 */
export async function readLogs(
  logs: string,
): Promise<{ readonly files: readonly BundleFile[]; readonly left: readonly OmittedFile[] }> {
  const files: BundleFile[] = [];
  const left: OmittedFile[] = [];
  for (const name of await filesBelow(logs)) {
    const path = `logs/${name}`;
    if (useless.test(name)) {
      left.push({ path, why: 'it says nothing about a failure, or may be a key' });
      continue;
    }
    const text = await readEnd(join(logs, name)).catch((error: unknown) => {
      left.push({ path, why: error instanceof Error ? error.message : String(error) });
      return null;
    });
    if (text === undefined) left.push({ path, why: 'it is not text' });
    else if (text !== null) files.push({ path, text });
  }
  return { files, left };
}
