import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Host } from '../../host/host.ts';
import { IngotError } from '../../host/ingot-error.ts';
import { compareSorted, type SortedList } from './compare-sorted.ts';
import { type CpioEntry, readCpio } from './cpio.ts';
import { bufferSource, firstDifference } from './first-difference.ts';
import { textDiff } from './text-diff.ts';
import { noPaths, type PathDifference, type PathDifferences } from './version-difference.ts';

export interface InitrdComparison {
  readonly initrd: PathDifferences;
  readonly notes: readonly string[];
}

const maxContents = 50;

/** Compares two initrds path by path. If one cannot be unpacked, a note states why. */
export async function compareInitrds(
  host: Host,
  storedFile: string,
  madeFile: string,
  work: string,
): Promise<InitrdComparison> {
  try {
    const stored = readCpio(await unpacked(host, storedFile, join(work, 'stored.cpio')), storedFile);
    const made = readCpio(await unpacked(host, madeFile, join(work, 'made.cpio')), madeFile);
    const initrd = await comparePaths(stored, made);
    const none = initrd.added + initrd.removed + initrd.changed === 0;
    const order = none && stored.some(({ path }, index) => path !== made[index]?.path);
    return { initrd, notes: none ? [order ? 'the order of the paths in it differs' : sameInside] : [] };
  } catch (error) {
    if (!(error instanceof IngotError)) throw error;
    return { initrd: noPaths, notes: [`its paths cannot be compared: ${error.message}`] };
  }
}

const sameInside = 'it unpacks to the same paths and contents: its compression or padding differs';

/**
 * Returns the cpio archive in an initrd; our images use zstd.
 * @throws IngotError command-failed when it cannot be unpacked
 */
async function unpacked(host: Host, file: string, target: string): Promise<Buffer> {
  const bytes = await readFile(file);
  const magic = bytes.toString('hex', 0, 4);
  if (magic.startsWith('1f8b')) return promisify(gunzip)(bytes);
  if (magic === '28b52ffd') {
    await host.run('zstd', ['--decompress', '--quiet', '--force', '-o', target, file]);
    return readFile(target);
  }
  return bytes;
}

async function comparePaths(
  stored: readonly CpioEntry[],
  made: readonly CpioEntry[],
): Promise<PathDifferences> {
  const sides = [byPath(stored), byPath(made)] as const;
  const found = await compareSorted(listOf(sides[0]), listOf(sides[1]));
  let contents = 0;
  const paths: PathDifference[] = [];
  for (const one of found.paths) {
    const [before, after] = [sides[0].get(one.path), sides[1].get(one.path)];
    const contentDiffers = one.fields.some(({ name }) => name === 'sha256') && one.kind === 'changed';
    if (!contentDiffers || before === undefined || after === undefined || contents >= maxContents) {
      paths.push(one);
      continue;
    }
    contents += 1;
    const first = await firstDifference(bufferSource(before.content), bufferSource(after.content));
    const diff = textDiff(one.path, before.content, after.content);
    paths.push({
      ...one,
      ...(first === undefined
        ? {}
        : { content: { first, ...(diff === undefined ? {} : { textDiff: diff }) } }),
    });
  }
  return { ...found, paths };
}

/** Entries by path, sorted bytewise. The last entry of a repeated path counts. */
function byPath(entries: readonly CpioEntry[]): Map<string, CpioEntry> {
  const sorted = [...entries].sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
  return new Map(sorted.map((entry) => [entry.path, entry]));
}

function listOf(entries: ReadonlyMap<string, CpioEntry>): SortedList {
  const text = ({ path, facts }: CpioEntry): string => JSON.stringify([path, [...facts]]);
  async function* items(): AsyncGenerator<string, void> {
    for (const entry of entries.values()) yield await Promise.resolve(text(entry));
  }
  return {
    items: items(),
    read: (item) => {
      const [path, facts] = JSON.parse(item) as [string, [string, string][]];
      return { path, facts: new Map(facts) };
    },
  };
}
