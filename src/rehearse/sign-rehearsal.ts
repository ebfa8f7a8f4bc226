import { join } from 'node:path';
import { IngotError } from '../host/ingot-error.ts';
import { sha256File } from '../host/sha256-file.ts';
import { allRoles, type Plan, type Role } from '../inputs/plan/plan.ts';
import type { NamedVersions } from '../store/named-versions.ts';
import { readBootRecord } from '../version/read-boot-record.ts';
import { writeRehearsal } from '../version/rehearsal/rehearsals.ts';
import { type RehearsalPredicate, rehearsalStatement } from '../version/rehearsal/statement.ts';
import type { Signer } from '../version/signer.ts';
import type { ClusterSize } from './drill.ts';
import type { Rehearsal } from './rehearse-images.ts';
import type { UpgradeMeasure } from './upgrade/measure/measure-upgrade.ts';

export interface SignRehearsal {
  readonly rehearsal: Rehearsal;
  readonly plan: Plan;
  readonly size: ClusterSize;
  readonly scheduler: string;
  /** The versions that the nodes ran at the end. */
  readonly versions: NamedVersions;
  /** For an upgrade: the previous versions, and its measurements. */
  readonly upgrade?: { readonly from: NamedVersions; readonly measure: UpgradeMeasure };
  readonly key: Signer;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * The names of the seed sections that the spec sets. Their values are not part of a statement, because a statement may
 * be
 * published.
 */
const settingsOf = ({ seed }: Plan): string[] => Object.keys(seed).sort();

const named = (versions: NamedVersions): RehearsalPredicate['versions'] => {
  const of = (role: Role) => ({ version: versions[role].version, rootHash: versions[role].rootHash });
  return { master: of('master'), slave: of('slave') };
};

/** @throws IngotError node-failed if a node ran another version than the statement would name */
function requireRan({ ran }: Rehearsal, versions: NamedVersions): void {
  const others = ran.filter(
    ({ role, version, rootHash }) =>
      version !== versions[role].version || rootHash !== versions[role].rootHash,
  );
  if (others.length === 0) return;
  throw new IngotError({
    code: 'node-failed',
    message: 'no statement was signed: nodes ran another version at the end',
    excerpt: others.map(
      ({ name, version, rootHash }) => `${name}: ${version ?? '?'}, root hash ${rootHash ?? '?'}`,
    ),
  });
}

/**
 * Signs the result of a rehearsal: one statement for each role that had nodes, next to its version.
 * @returns the files; an empty list if a drill failed, because then there is nothing to state
 * @throws IngotError node-failed if nodes ran another version
 */
export async function signRehearsal(request: SignRehearsal): Promise<string[]> {
  const { rehearsal, plan, size, scheduler, versions, upgrade, key, now } = request;
  const { outcomes, accelerator } = rehearsal;
  if (outcomes.some(({ result }) => result === 'failed' || result === 'not run')) return [];
  requireRan(rehearsal, versions);
  const files: string[] = [];
  for (const role of allRoles.filter((one) => rehearsal.ran.some((node) => node.role === one))) {
    const { folder, rootHash } = versions[role];
    const boot = await readBootRecord(folder);
    const origin = boot?.schema === 2 ? boot : undefined;
    const predicate: RehearsalPredicate = {
      role,
      versions: named(versions),
      cluster: {
        ...size,
        accelerator,
        layout: origin?.layout ?? 'unknown',
        scheduler,
        production: origin?.production ?? false,
      },
      settings: settingsOf(plan),
      drills: outcomes.map(({ name, result, seconds, saw }) => ({ name, result, seconds, saw })),
      ...(upgrade === undefined ? {} : { upgrade: upgradeOf(upgrade) }),
      finishedOn: new Date(now).toISOString(),
    };
    const sha256 = await sha256File(join(folder, 'root.squashfs'));
    files.push(await writeRehearsal(folder, rehearsalStatement({ sha256, rootHash }, predicate), key));
  }
  return files;
}

const upgradeOf = ({
  from,
  measure,
}: NonNullable<SignRehearsal['upgrade']>): RehearsalPredicate['upgrade'] => ({
  from: named(from),
  seconds: measure.seconds,
  leaderlessSeconds: measure.leaderless.longestSeconds,
  tasks: {
    wanted: measure.tasks.wanted,
    moved: measure.tasks.moved.length,
    lost: measure.tasks.lost.length,
  },
});
