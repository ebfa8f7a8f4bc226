import { open, stat } from 'node:fs/promises';
import type { Host } from '../../host/host.ts';
import { IngotError } from '../../host/ingot-error.ts';
import { layerPrograms, requirePrograms } from '../../host/required-programs.ts';
import { TreeFault } from './tree-fault.ts';
import { tooLarge, type TreeLimits } from './tree-writer.ts';

interface Format {
  readonly program: string;
  readonly magic: string;
  readonly options: readonly string[];
}

/** Bytes of memory that a decompressor may take: an archive can ask for much more. */
const memory = '512MiB';

const formats: readonly Format[] = [
  { program: 'gzip', magic: '1f8b', options: [] },
  { program: 'xz', magic: 'fd377a585a00', options: [`--memlimit-decompress=${memory}`] },
  { program: 'zstd', magic: '28b52ffd', options: [`--memory=${memory}`] },
];

async function beginningOf(file: string): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(512), 0, 512, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

// Around each file: two headers, and the rest of a block; at the end a record of zeros (tar(5)).
const aroundFile = 2048;
const atEnd = 10_240;

/** Returns the largest size of a tar whose files are within the bounds, in bytes. */
export function largestTar({ bytes, entries }: TreeLimits): number {
  return bytes + aroundFile * entries + atEnd;
}

const script = 'in=$1 out=$2; shift 2; exec "$@" <"$in" >"$out"';

/**
 * Returns the uncompressed tar of an archive: itself, or the file `to`, which is written then.
 * @param to absolute
 * @throws TreeFault for another format, a damaged archive, or one that grows beyond the bounds
 */
export async function uncompressed(
  host: Host,
  { file, to, limits }: { readonly file: string; readonly to: string; readonly limits: TreeLimits },
  signal: AbortSignal,
): Promise<string> {
  const beginning = await beginningOf(file);
  const format = formats.find(({ magic }) => beginning.toString('hex').startsWith(magic));
  if (format === undefined) {
    if (beginning.toString('latin1', 257, 262) === 'ustar') return file;
    throw new TreeFault('it is not a tar.gz, tar.xz, tar.zst or tar', 'an archive in one of these formats');
  }
  const { program, options } = format;
  requirePrograms(layerPrograms.filter((one) => one.program === program));
  const most = largestTar(limits);
  const decompress = [program, '--decompress', '--stdout', ...options];
  try {
    await host.run('prlimit', [`--fsize=${most}`, '--', 'sh', '-c', script, 'sh', file, to, ...decompress], {
      signal,
    });
  } catch (error) {
    if (!(error instanceof IngotError) || error.code !== 'command-failed') throw error;
    const size = (await stat(to).catch(() => undefined))?.size ?? 0;
    // setrlimit(2): a program that handles the signal gets EFBIG.
    if (size >= most || error.excerpt.some((line) => line.includes('File too large'))) throw tooLarge(limits);
    const why = error.excerpt.at(-1) ?? error.message;
    throw new TreeFault(`${program} cannot decompress it: ${why}`, 'a whole archive');
  }
  return to;
}
