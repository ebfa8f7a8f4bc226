import type { Stats } from 'node:fs';
import { rm } from 'node:fs/promises';
import { emptyBelow } from '../../host/below-folder.ts';
import type { ResidueRule } from '../../inputs/residue-rules.ts';
import { type TreeEntry, walkTree } from './walk-tree.ts';

/** What a check for residue needs to know about a path. */
export interface SeenPath {
  readonly path: string;
  readonly kind: 'file' | 'other';
  /** Bytes; only of a file. */
  readonly size: number;
}

/**
 * Checks the paths of an image one by one, from any kind of listing. `see` receives a path; `finish` returns every
 * broken rule, as "PATH: why it must not be there".
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
      if (seen.kind === 'file') wanted.delete(seen.path);
    },
    finish: () => [
      ...broken,
      ...[...wanted.values()].map((rule) => `${rule.path} is missing, or not a file: ${rule.why}`),
    ],
  };
}

function breaks(rule: ResidueRule, seen: SeenPath): boolean {
  if (rule.what === 'known' || !rule.matches(seen.path)) return false;
  if (rule.what === 'all') return true;
  return seen.kind === 'file' && (rule.what === 'files' || seen.size > 0);
}

/** A path that matches a rule. */
export interface ResiduePath extends TreeEntry {
  readonly rule: ResidueRule;
}

/**
 * Lists the paths of the tree that match the rules; for `all` also every path below, so that nothing is removed unseen.
 */
export function listResidue(tree: string, rules: readonly ResidueRule[]): ResiduePath[] {
  const found: ResiduePath[] = [];
  const wholeFolders: ResiduePath[] = [];
  for (const entry of walkTree(tree)) {
    const { path, stat } = entry;
    // In the order of whole paths, "/a-b" may come between "/a" and the content of "/a".
    const above = wholeFolders.find((folder) => path.startsWith(`${folder.path}/`));
    if (above !== undefined) {
      found.push({ ...entry, rule: above.rule });
      continue;
    }
    const rule = rules.find((candidate) => breaks(candidate, seenPath(path, stat)));
    if (rule === undefined) continue;
    const one = { ...entry, rule };
    found.push(one);
    if (rule.what === 'all' && stat.isDirectory()) wholeFolders.push(one);
  }
  return found;
}

/**
 * Removes what listResidue found, and creates the empty files that the rules require.
 * @throws IngotError command-failed when such a file is a link, or is reached through one
 */
export async function removeResidue(
  tree: string,
  rules: readonly ResidueRule[],
  found: readonly ResiduePath[],
): Promise<void> {
  // The walk enters only real folders, and rm(2) removes a link, not its target.
  for (const { place, rule } of found)
    if (rule.what !== 'empty') await rm(place, { recursive: true, force: true });
  // The mode that systemd gives its machine-id: systemd writes its id into the file, and prompts on the console if it
  // is missing.
  for (const rule of rules) if (rule.what === 'empty') await emptyBelow(tree, rule.path, 0o444);
}

/** Lists what the rules forbid and the tree still has: "PATH: why". Empty if nothing is left. */
export function findResidue(tree: string, rules: readonly ResidueRule[]): string[] {
  const audit = auditResidue(rules);
  for (const { path, stat } of walkTree(tree)) audit.see(seenPath(path, stat));
  return audit.finish();
}

const seenPath = (path: string, stat: Stats): SeenPath => ({
  path,
  kind: stat.isFile() ? 'file' : 'other',
  size: stat.size,
});
