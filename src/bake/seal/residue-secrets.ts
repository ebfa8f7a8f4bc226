import { FileReader } from './file-reader.ts';
import type { ResiduePath } from './residue.ts';

/** A secret of the build that was removed from the image. */
export interface RemovedKey {
  readonly path: string;
  readonly what: string;
  readonly why: string;
}

/**
 * Searches the residue for secrets before it is removed. A key that a package or the build created is reported as
 * removed if the rule allows keys. Any other secret is a fault: whoever put it there expects it to be in the image, and
 * it has been on this host.
 */
export function residueSecrets(found: readonly ResiduePath[]): {
  removed: RemovedKey[];
  faults: string[];
} {
  const reader = new FileReader();
  const removed: RemovedKey[] = [];
  const faults: string[] = [];
  for (const { path, place, stat, rule } of found) {
    if (!stat.isFile()) continue;
    const { secrets } = reader.read(place, path, stat.size);
    for (const what of secrets) {
      if (rule.keys) removed.push({ path, what, why: rule.why });
      else faults.push(`${path}: ${what}, which would be removed as residue (${rule.why})`);
    }
  }
  return { removed, faults };
}
