import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import type { Host } from '../../host/host.ts';
import { sha256File } from '../../host/sha256-file.ts';
import { pooledPath, type PoolFile } from '../../inputs/pool/pool.ts';

/**
 * Writes the .deb $1 to $2 with both members decompressed (deb(5)). An ar header gives the size of what follows, so that
 * of the data is filled in afterwards; a tar has an even size, so nothing is padded.
 */
const rewriting = `set -eu
header() { printf '%-16s%-12s%-6s%-6s%-8s%-10s\`\\n' "$1" 0 0 0 100644 "$2"; }
control=$(dpkg-deb --ctrl-tarfile "$1" | wc -c)
{
  printf '!<arch>\\n'
  header debian-binary 4
  printf '2.0\\n'
  header control.tar "$control"
  dpkg-deb --ctrl-tarfile "$1"
  header data.tar 0
  dpkg-deb --fsys-tarfile "$1"
} >"$2"
before=$((8 + 60 + 4 + 60 + control))
size=$(($(stat --format %s "$2") - before - 60))
header data.tar "$size" | dd of="$2" bs=1 seek="$before" conv=notrunc status=none`;

/**
 * Writes a .deb again with the same content, but not compressed.
 * @param from absolute path of a .deb
 * @param to absolute; does not exist yet
 * @throws IngotError command-failed if the file is not a .deb
 */
export async function writePlainDeb(
  host: Host,
  { from, to }: { readonly from: string; readonly to: string },
  signal: AbortSignal,
): Promise<void> {
  await host.run('sh', ['-c', rewriting, 'plain-deb', from, to], { signal });
}

/** Which .debs are decompressed, and how. */
export interface PlainDebs {
  /** Absolute. */
  readonly pool: string;
  readonly debs: readonly PoolFile[];
  /** Absolute; gets the same names as the pool, only for those that were decompressed. */
  readonly folder: string;
  /** How many at once. */
  readonly processors: number;
  readonly signal: AbortSignal;
  /** When it is aborted, no further file is begun. */
  readonly enough: AbortSignal;
}

/**
 * Decompresses .debs on processors that would be idle, the largest first, until there is enough; dpkg then unpacks them
 * in half the time. A file that differs from the lock, or cannot be read, is left out: who installs it reports that.
 */
export async function decompressDebs(
  host: Host,
  { pool, debs, folder, processors, signal, enough }: PlainDebs,
): Promise<void> {
  const limit = pLimit(processors);
  const decompress = async ({ sha256 }: PoolFile): Promise<void> => {
    if (enough.aborted || signal.aborted) return;
    const [from, to] = [pooledPath(pool, sha256), pooledPath(folder, sha256)];
    const part = `${to}.part`;
    try {
      if ((await sha256File(from)) !== sha256) return;
      await mkdir(join(folder, sha256.slice(0, 2)), { recursive: true });
      await writePlainDeb(host, { from, to: part }, signal);
      await rename(part, to);
    } catch {
      await rm(part, { force: true });
    }
  };
  const largest = debs.toSorted((a, b) => b.size - a.size);
  await Promise.all(largest.map((deb) => limit(decompress, deb)));
}
