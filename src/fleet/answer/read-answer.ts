import { boundedLines, type Bounds, type Chunks, type Line, TooLong } from './bounded-lines.ts';
import { classDigest, driftDigest, folderDigest, nodeDigest, topOf } from './digest.ts';
import { type Drift, parseDrift, shortened } from './drift.ts';
import { type Head, parseHead } from './head.ts';

/** No whole answer: why. `nothing`: not a byte of it came. */
export interface NoAnswer {
  readonly problem: string;
  readonly nothing: boolean;
}

const headBounds: Bounds = { line: 256 << 10, all: 256 << 10 };
// A text of 64 KiB (text_diff.py) is shown with its difference, in JSON.
const wholeBounds: Bounds = { line: 1 << 20, all: 16 << 20 };

const broken = (problem: string): NoAnswer => ({ problem, nothing: false });

async function firstLine(lines: AsyncGenerator<Line, void>): Promise<{ head: Head } | NoAnswer> {
  const first = await lines.next();
  if (first.done === true) return { problem: 'it said nothing', nothing: true };
  if (!first.value.whole) return broken('its first line is cut off');
  const read = parseHead(first.value.text);
  return 'head' in read ? read : broken(read.problem);
}

async function bounded<T>(
  chunks: Chunks,
  bounds: Bounds,
  read: (lines: AsyncGenerator<Line, void>) => Promise<T | NoAnswer>,
): Promise<T | NoAnswer> {
  const lines = boundedLines(chunks, bounds);
  try {
    return await read(lines);
  } catch (error) {
    if (error instanceof TooLong) return broken(error.message);
    throw error;
  } finally {
    // What is not read any more is let go of.
    await lines.return();
  }
}

/** Reads the first line of an answer, and lets go of the others; where there can be none, that none comes. */
export async function readHead(chunks: Chunks): Promise<{ readonly head: Head } | NoAnswer> {
  return bounded(chunks, headBounds, async (lines) => {
    const read = await firstLine(lines);
    if (!('head' in read) || read.head.drift > 0) return read;
    const more = await lines.next();
    return more.done === true ? read : broken('it says that nothing drifts, and then goes on');
  });
}

/** Drifts of one class below one top folder, which many nodes may share. */
export interface AnswerPart {
  readonly drifts: readonly Drift[];
  /** How many beyond those are not kept. */
  readonly more: number;
}

/** A whole answer, whose lines give the digest of its first. */
export interface Whole {
  readonly head: Head;
  /** By partKey. */
  readonly parts: ReadonlyMap<string, AnswerPart>;
}

/** So many drifts of one part are kept. */
const keptOfPart = 50;

/** The name of a part: its digest is of its drifts, so equal names mean equal drifts. */
export const partKey = (driftClass: string, folder: string, digest: string): string =>
  `${driftClass} ${digest} ${folder}`;

interface Collected {
  readonly digests: string[];
  readonly kept: Drift[];
}

/** Reads an answer whole, and proves it: the digest of its lines has to be the one that its first line names. */
export async function readWhole(chunks: Chunks): Promise<Whole | NoAnswer> {
  return bounded(chunks, wholeBounds, async (lines) => {
    const read = await firstLine(lines);
    if (!('head' in read)) return read;
    const { head } = read;
    const classes = new Map<string, Map<string, Collected>>();
    let count = 0;
    for await (const { text, whole } of lines) {
      const drift = whole ? parseDrift(text) : undefined;
      if (!whole) return broken(`its line ${count + 2} is cut off`);
      if (drift === undefined) return broken(`its line ${count + 2} is not understood`);
      count += 1;
      if (count > head.drift) return broken(`it has more than the ${head.drift} drifts that it counts`);
      const folders = classes.get(drift.class) ?? new Map<string, Collected>();
      classes.set(drift.class, folders);
      const folder = topOf(drift.path);
      const one = folders.get(folder) ?? { digests: [], kept: [] };
      folders.set(folder, one);
      one.digests.push(driftDigest(drift));
      if (one.kept.length < keptOfPart) one.kept.push(shortened(drift));
    }
    if (count < head.drift) return broken(`it ends after ${count} of ${head.drift} drifts`);
    return proven(head, classes);
  });
}

function proven(head: Head, classes: ReadonlyMap<string, ReadonlyMap<string, Collected>>): Whole | NoAnswer {
  const parts = new Map<string, AnswerPart>();
  const tree: Record<string, { digest: string; folders: Record<string, string> }> = {};
  for (const [driftClass, collected] of classes) {
    const folders: Record<string, string> = {};
    for (const [folder, { digests, kept }] of collected) {
      const digest = folderDigest(digests);
      folders[folder] = digest;
      parts.set(partKey(driftClass, folder, digest), { drifts: kept, more: digests.length - kept.length });
    }
    tree[driftClass] = { digest: classDigest(folders), folders };
  }
  const seed = typeof head.seed === 'string' ? { sha256: head.seed } : null;
  if (nodeDigest({ ...head, seed, tree }) !== head.digest)
    return broken('its lines do not give the digest that it names');
  return { head, parts };
}
