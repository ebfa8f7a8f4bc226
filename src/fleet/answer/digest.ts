import { createHash } from 'node:crypto';
import { byCodePoint } from './code-point-order.ts';

/** Class → its digest, and the digest of each top folder in it. */
export type DigestTree = Readonly<
  Record<string, { readonly digest: string; readonly folders: Readonly<Record<string, string>> }>
>;

/** Python's "surrogateescape": a lone surrogate from U+DC80 on represents a byte of a name that is not UTF-8. */
function bytesOf(text: string): Buffer {
  if (text.isWellFormed()) return Buffer.from(text);
  const parts: Buffer[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    parts.push(code >= 0xdc80 && code <= 0xdcff ? Buffer.from([code & 0xff]) : Buffer.from(character));
  }
  return Buffer.concat(parts);
}

const digestOf = (parts: readonly string[]): string =>
  createHash('sha256')
    .update(bytesOf(parts.join('\n')))
    .digest('hex');

const sorted = <Value>(record: Readonly<Record<string, Value>>): [string, Value][] =>
  Object.entries(record).sort(([a], [b]) => byCodePoint(a, b));

// The rest of this file mirrors node-tools/ingot_node/drift/answer.py and Drift.identity() of finding.py: both sides
// must agree.

/** The digest of a drift; equal on all nodes that have the same drift. */
export function driftDigest(drift: {
  readonly class: string;
  readonly path: string;
  readonly kind: string;
  readonly severity: string;
  readonly expected: string | null;
  readonly there: string | null;
}): string {
  const { path, kind, severity, expected, there } = drift;
  return digestOf([[drift.class, path, kind, severity, expected ?? '', there ?? ''].join('\0')]);
}

/** The top folder of a path. For a drift that is not about a file, its kind, such as sysctl. */
export function topOf(path: string): string {
  return path.startsWith('/') ? `/${path.split('/')[1] ?? ''}` : (path.split(':')[0] ?? '');
}

/** The digest of one top folder of a class, computed from the digests of its drifts in any order. */
export const folderDigest = (drifts: readonly string[]): string => digestOf([...drifts].sort());

/** The digest of a class, computed from the digests of its folders. */
export const classDigest = (folders: Readonly<Record<string, string>>): string =>
  digestOf(sorted(folders).map(([name, digest]) => `${name} ${digest}`));

/** The digest of a whole node. */
export function nodeDigest(head: {
  readonly schema: 1 | 2;
  readonly version: string | null;
  readonly rootHash: string | null;
  readonly verified: boolean;
  /** Of the seed, since schema 2. */
  readonly seed?: { readonly sha256: string } | null | undefined;
  readonly tree: DigestTree;
}): string {
  const { schema, version, rootHash, verified, seed, tree } = head;
  return digestOf([
    ...[String(schema), version ?? '', rootHash ?? '', verified ? 'True' : 'False'],
    ...(schema === 1 ? [] : [seed?.sha256 ?? '']),
    ...sorted(tree).map(([name, level]) => `${name} ${level.digest}`),
  ]);
}
