import { readBelow } from '../../host/below-folder.ts';
import { IngotError } from '../../host/ingot-error.ts';
import type { PlacedFile } from '../../inputs/plan/plan.ts';
import type { ResidueRule } from '../../inputs/residue-rules.ts';
import type { ManifestEntry } from '../../version/manifest.ts';
import { accountFaults } from './account-faults.ts';
import type { TreeChange } from './apply-changes.ts';
import { auditPlacedFiles } from './placed-files.ts';
import {
  allowedFile,
  entryFaults,
  parseAllowedPrivileges,
  type Privilege,
  privilegeOf,
} from './privileges.ts';
import type { RemovedKey } from './residue-secrets.ts';
import { settingsOf } from './tree-lists.ts';

/** What a finished root is compared with. */
export interface ExpectedRoot {
  readonly rules: readonly ResidueRule[];
  /** The spec's files of the role. */
  readonly files: readonly PlacedFile[];
  readonly changes: readonly TreeChange[];
}

/** Facts about one path in addition to its manifest entry. */
export interface FoundSecrets {
  readonly secrets: readonly string[];
  /** The fault of its access-control lists. */
  readonly accessList: string | undefined;
}

/** audit.json: what a reviewer of an image needs to know, and what no manifest shows in a few lines. */
export interface AuditRecord {
  readonly schema: 1;
  readonly privileges: readonly Privilege[];
  /** Private keys that the build created; they are not in the image. */
  readonly removedKeys: readonly RemovedKey[];
}

/** Account files and settings files have some KiB. */
const largest = 16 << 20;

/** Checks every path of a finished root for what must not be there. */
export interface RootAudit {
  see(entry: ManifestEntry, seen: FoundSecrets): void;
  /** Every fault as "PATH: what"; empty if there is none. */
  faults(): string[];
  readonly privileges: readonly Privilege[];
}

/**
 * Begins the audit of a tree (absolute) in its final state before packing.
 * @throws IngotError command-failed when one of the account files is a link or not a file
 */
export async function auditRoot(tree: string, { rules, files, changes }: ExpectedRoot): Promise<RootAudit> {
  const text = async (path: string): Promise<string> =>
    (await readBelow(tree, path, largest))?.toString('utf8') ?? '';
  const allowed = parseAllowedPrivileges(await text(allowedFile));
  const known = rules.filter(({ what }) => what === 'known');
  const placed = auditPlacedFiles(tree, files, rules, changes);
  const found: string[] = [];
  const privileges: Privilege[] = [];
  const accounts = accountFaults({
    passwd: await text('/etc/passwd'),
    shadow: await text('/etc/shadow'),
    group: await text('/etc/group'),
    gshadow: await text('/etc/gshadow'),
    sysusers: await settingsOf(tree, ['/etc/sysusers.d', '/usr/lib/sysusers.d']),
  });
  return {
    privileges,
    see: (entry, { secrets, accessList }) => {
      placed.see(entry);
      found.push(...entryFaults(entry, allowed));
      if (accessList !== undefined) found.push(accessList);
      if (secrets.length > 0 && !known.some(({ matches }) => matches(entry.path)))
        found.push(...secrets.map((what) => `${entry.path}: ${what}`));
      const privilege = privilegeOf(entry, allowed);
      if (privilege !== undefined) privileges.push(privilege);
    },
    faults: () => [...found, ...accounts, ...placed.finish()],
  };
}

const shown = 40;

/**
 * @throws IngotError wrong-root that counts all faults and lists the first forty
 */
export function assertNoFaults(found: readonly string[]): void {
  if (found.length === 0) return;
  const more = found.length > shown ? [`and ${found.length - shown} more`] : [];
  throw new IngotError({
    code: 'wrong-root',
    message: `The finished root has ${found.length} ${found.length === 1 ? 'fault' : 'faults'}.`,
    excerpt: [...found.slice(0, shown), ...more],
    hint: hintOf(found),
  });
}

function hintOf(found: readonly string[]): string {
  const hasFault = (pattern: RegExp): boolean => found.some((fault) => pattern.test(fault));
  const hints = [
    ...(hasFault(/: the spec's file /)
      ? ['Write the file where nothing changes it, with the mode that it gets, or leave it out of the spec.']
      : []),
    ...(hasFault(new RegExp(`not in ${allowedFile}`))
      ? [
          'To keep such a permission, add the program to that list with a reason; otherwise remove it in the package or a step.',
        ]
      : []),
    ...(hasFault(/\/etc\/(?:passwd|group|gshadow)/)
      ? ['Accounts are created by sysusers.d of images/ and by packages: see compose.d/20-users.']
      : []),
  ];
  return (
    hints.length > 0
      ? hints
      : [
          'Remove it in the package, rootfs or step that adds it; images/residue.yaml lists what every build leaves behind, and what only looks like a secret.',
        ]
  ).join('\n');
}
