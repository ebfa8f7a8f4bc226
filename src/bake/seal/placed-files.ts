import { posix } from 'node:path';
import { resolveBelow } from '../../host/resolve-below.ts';
import { placedSha256 } from '../../inputs/plan/placed-digest.ts';
import type { PlacedFile } from '../../inputs/plan/plan.ts';
import type { ResidueRule } from '../../inputs/residue-rules.ts';
import type { ManifestEntry } from '../../version/manifest.ts';
import type { TreeChange } from './apply-changes.ts';

/** A file of the spec, and its entry in the finished root. */
interface Wanted {
  readonly file: PlacedFile;
  found: ManifestEntry | undefined;
}

/**
 * Compares the files of the spec with the finished root: each must exist with its mode and content, and belong to root.
 * `see` receives every path of the root; `finish` returns the differences, with their cause where it is known.
 */
export function auditPlacedFiles(
  tree: string,
  files: readonly PlacedFile[],
  rules: readonly ResidueRule[],
  changes: readonly TreeChange[],
): { see: (entry: ManifestEntry) => void; finish: () => string[] } {
  // Of two files with one path the later is placed. A path through a link of the image means the link's target
  // ("/bin/x" is "/usr/bin/x").
  const wanted = new Map<string, Wanted>();
  for (const file of files)
    wanted.set(`${realFolder(tree, posix.dirname(file.path))}/${posix.basename(file.path)}`, {
      file,
      found: undefined,
    });
  return {
    see: (entry) => {
      const one = wanted.get(entry.path);
      if (one !== undefined) one.found = entry;
    },
    finish: () =>
      [...wanted].flatMap(([path, { file, found }]) => {
        const what = differences(file, found);
        return what === '' ? [] : [`${file.path}: the spec's file ${what}; ${culprit(path, rules, changes)}`];
      }),
  };
}

/** Links are allowed only in the folders above a file: a link in place of the file itself differs from the spec. */
function realFolder(tree: string, folder: string): string {
  const real = resolveBelow(tree, folder) ?? folder;
  return real === '/' ? '' : real;
}

function differences(file: PlacedFile, found: ManifestEntry | undefined): string {
  if (found === undefined) return 'is missing';
  if (found.type !== 'file') return `became a ${found.type}`;
  const faults = [
    ...(Number.parseInt(found.mode, 8) === Number.parseInt(file.mode, 8)
      ? []
      : [`has the mode ${found.mode}, not ${file.mode}`]),
    ...(found.uid === 0 && found.gid === 0 ? [] : [`belongs to ${found.uid}:${found.gid}, not to root`]),
    ...(found.sha256 === placedSha256(file) ? [] : ['has different content']),
  ];
  return faults.join(' and ');
}

function culprit(path: string, rules: readonly ResidueRule[], changes: readonly TreeChange[]): string {
  const folders = path.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'));
  const rule = rules.find(
    ({ what, matches }) => what !== 'known' && folders.some((folder) => matches(folder)),
  );
  if (rule !== undefined) return `images/residue.yaml names ${rule.path}: ${rule.why}`;
  const change = changes.findLast(
    (one) => folders.includes(one.path) && (one.path === path || one.change === 'removed'),
  );
  if (change !== undefined)
    return `a step of images/ ${change.change === 'removed' ? 'removed' : 'changed'} it (changes.json)`;
  return "compose.d of images/ or a package's script did that when the tree was composed";
}
