import { boundedLines, type Chunks, LimitExceeded, type Line, type LineLimits } from './bounded-lines.ts';
import { classDigest, driftDigest, folderDigest, nodeDigest, topOf } from './digest.ts';
import { type Drift, parseDrift, shortenDrift } from './drift.ts';
import { type Head, parseHead } from './head.ts';

/** Why there is no complete answer. `nothing`: not a single byte arrived. */
export interface AnswerFailure {
  readonly problem: string;
  readonly nothing: boolean;
}

const headBounds: LineLimits = { line: 256 << 10, all: 256 << 10 };
// A text of 64 KiB (text_diff.py) is shown with its diff, in JSON.
const wholeBounds: LineLimits = { line: 1 << 20, all: 16 << 20 };

const broken = (problem: string): AnswerFailure => ({ problem, nothing: false });

async function firstLine(lines: AsyncGenerator<Line, void>): Promise<{ head: Head } | AnswerFailure> {
  const first = await lines.next();
  if (first.done === true) return { problem: 'its answer is empty', nothing: true };
  if (!first.value.whole) return broken('its first line is cut off');
  const read = parseHead(first.value.text);
  return 'head' in read ? read : broken(read.problem);
}

async function bounded<T>(
  chunks: Chunks,
  bounds: LineLimits,
  read: (lines: AsyncGenerator<Line, void>) => Promise<T | AnswerFailure>,
): Promise<T | AnswerFailure> {
  const lines = boundedLines(chunks, bounds);
  try {
    return await read(lines);
  } catch (error) {
    if (error instanceof LimitExceeded) return broken(error.message);
    throw error;
  } finally {
    // Closes the source of what was not read.
    await lines.return();
  }
}

/**
 * Reads the first line of an answer and drops the other lines. If the head reports no drift, checks that no further
 * line follows.
 */
export async function readHead(chunks: Chunks): Promise<{ readonly head: Head } | AnswerFailure> {
  return bounded(chunks, headBounds, async (lines) => {
    const read = await firstLine(lines);
    if (!('head' in read) || read.head.drift > 0) return read;
    const more = await lines.next();
    return more.done === true ? read : broken('it reports no drift, but more lines follow');
  });
}

/** The drifts of one class below one top folder, which many nodes may share. */
export interface AnswerPart {
  readonly drifts: readonly Drift[];
  /** The number of further drifts that are not kept. */
  readonly more: number;
}

/** A complete answer, whose lines match the digest of its first line. */
export interface CompleteAnswer {
  readonly head: Head;
  /** By partKey. */
  readonly parts: ReadonlyMap<string, AnswerPart>;
}

/** The number of drifts of one part that are kept. */
const keptOfPart = 50;

/** The name of a part. It contains the digest of the part's drifts, so equal names mean equal drifts. */
export const partKey = (driftClass: string, folder: string, digest: string): string =>
  `${driftClass} ${digest} ${folder}`;

interface Collected {
  readonly digests: string[];
  readonly kept: Drift[];
}

/** Reads a complete answer and verifies it: the digest of its lines must be the one that its first line names. */
export async function readCompleteAnswer(chunks: Chunks): Promise<CompleteAnswer | AnswerFailure> {
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
      if (one.kept.length < keptOfPart) one.kept.push(shortenDrift(drift));
    }
    if (count < head.drift) return broken(`it ends after ${count} of ${head.drift} drifts`);
    return verified(head, classes);
  });
}

function verified(
  head: Head,
  classes: ReadonlyMap<string, ReadonlyMap<string, Collected>>,
): CompleteAnswer | AnswerFailure {
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
  if (nodeDigest({ ...head, seed, tree }) !== head.digest) return broken('its lines do not match its digest');
  return { head, parts };
}
