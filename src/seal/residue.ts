import type { Stats } from 'node:fs';
import { chmod, rm, truncate, writeFile } from 'node:fs/promises';
import { lstatOrNothing, placeInTree } from './tree-path.ts';
import type { ResidueRule } from './residue-rules.ts';
import { walkTree } from './walk-tree.ts';

/** What a check for residue has to know of a path. */
export interface SeenPath {
  readonly path: string;
  readonly kind: 'file' | 'other';
  /** Bytes; only of a file. */
  readonly size: number;
}

/**
 * Judges the paths of an image one by one, wherever they are listed from.
 * `see` says whether a path may stay; `finish` gives every rule that was broken, as "PATH: why it must not be there".
 */
export function auditResidue(rules: readonly ResidueRule[]): {
  see: (seen: SeenPath) => void;
  finish: () => string[];
} {
  const broken: string[] = [];
  const wanted = new Map(rules.filter((rule) => rule.what === 'empty').map((rule) => [rule.path, rule]));
  return {
    see: (seen) => {
      const rule = rules.find((candidate) => breaks(candidate, seen));
      if (rule !== undefined) broken.push(`${seen.path}: ${rule.why}`);
      wanted.delete(seen.path);
    },
    finish: () => [...broken, ...[...wanted.values()].map((rule) => `${rule.path} is missing: ${rule.why}`)],
  };
}

function breaks(rule: ResidueRule, seen: SeenPath): boolean {
  if (!rule.matches(seen.path)) return false;
  if (rule.what === 'all') return true;
  return seen.kind === 'file' && (rule.what === 'files' || seen.size > 0);
}

/** Removes from the tree what the rules name; gives the paths that it removed or emptied. */
export async function removeResidue(tree: string, rules: readonly ResidueRule[]): Promise<string[]> {
  const found: { path: string; place: string; keep: boolean }[] = [];
  for await (const { path, place, stat } of walkTree(tree)) {
    const rule = rules.find((candidate) => breaks(candidate, seenPath(path, stat)));
    if (rule !== undefined) found.push({ path, place, keep: rule.what === 'empty' });
  }
  for (const { place, keep } of found) {
    if (keep) await truncate(place, 0);
    else await rm(place, { recursive: true, force: true });
  }
  for (const rule of rules) if (rule.what === 'empty') await makeEmpty(tree, rule.path);
  return found.map(({ path }) => path);
}

/** An empty file, with the mode that systemd gives its machine-id: it writes its id into it, and asks on the console where there is none. */
async function makeEmpty(tree: string, path: string): Promise<void> {
  const place = await placeInTree(tree, path);
  if ((await lstatOrNothing(place)) === undefined) await writeFile(place, '', { flag: 'wx' });
  await chmod(place, 0o444);
}

/** What the rules name and the tree still has: "PATH: why". Empty is right. */
export async function findResidue(tree: string, rules: readonly ResidueRule[]): Promise<string[]> {
  const audit = auditResidue(rules);
  for await (const { path, stat } of walkTree(tree)) audit.see(seenPath(path, stat));
  return audit.finish();
}

const seenPath = (path: string, stat: Stats): SeenPath => ({
  path,
  kind: stat.isFile() ? 'file' : 'other',
  size: stat.size,
});
