import type { KeyObject } from 'node:crypto';
import { basename, join } from 'node:path';
import { allRoles, type Role } from '../../inputs/roles.ts';
import type { NamedVersion } from '../../store/named-versions.ts';
import type { BootRecord } from '../../version/boot-record.ts';
import { requireBootRecord } from '../../version/read-boot-record.ts';
import { missingDrills, readRehearsals } from '../../version/rehearsal/rehearsals.ts';
import type { RehearsalPredicate } from '../../version/rehearsal/statement.ts';
import { smallFile } from '../../version/small-file.ts';
import { sumsName } from '../../version/sums.ts';
import type { ChannelPointer, PointedVersions } from '../channel-pointer.ts';
import { type Revocation, revocationOf } from '../revocation-list.ts';
import { checkVulnerabilities, type JudgedVulnerability } from './check-vulnerabilities.ts';
import type { Objection, PromotionPolicy } from './promotion-policy.ts';

/** A version of a role that is to be promoted. */
export interface PromotedVersion extends NamedVersion {
  readonly role: Role;
}

/** What a promotion is judged by, besides the policy. */
export interface PromotionFacts {
  readonly keys: readonly KeyObject[];
  /** The versions of both roles that the channel would name. */
  readonly after: PointedVersions;
  /** What the channel names now. */
  readonly before: ChannelPointer | undefined;
  readonly revoked: readonly Revocation[];
  /** Absolute paths of feeds of vulnerabilities. */
  readonly feeds: readonly string[];
  /** The date of the lock of a version of the store, if it has the version. */
  readonly dateOf: (role: Role, version: string) => Promise<string | undefined>;
}

function ranTogether({ versions }: RehearsalPredicate, after: PointedVersions): boolean {
  return allRoles.every((role) => {
    const wanted = after[role];
    return wanted === undefined || versions[role].rootHash === wanted.rootHash;
  });
}

async function notRehearsed(
  { folder, role, version, rootHash }: PromotedVersion,
  policy: PromotionPolicy,
  { keys, after }: PromotionFacts,
): Promise<Objection[]> {
  if (!policy.rehearsed && policy.drills.length === 0) return [];
  const sums = (await smallFile(join(folder, sumsName)))?.toString() ?? '';
  const rootSha256 = /^([0-9a-f]{64}) {2}root\.squashfs$/m.exec(sums)?.[1] ?? '';
  const { statements, refused } = await readRehearsals(folder, { role, version, rootHash, rootSha256 }, keys);
  const counting = statements.filter(({ predicate }) => ranTogether(predicate, after));
  const allowedBy = 'unrehearsed';
  if (counting.length === 0) {
    const others =
      statements.length > 0
        ? ['statements are about it together with other versions than the channel would name']
        : refused.map(({ file, why }) => `${basename(file)} ${why}`);
    const more = others.length === 0 ? '' : ` (${others.join('; ')})`;
    return [{ why: `no signed statement says that it was rehearsed${more}`, allowedBy }];
  }
  const missing = missingDrills({ statements: counting }, policy.drills);
  if (missing.length === 0) return [];
  return [{ why: `no signed statement says that these drills passed: ${missing.join(', ')}`, allowedBy }];
}

async function otherOrigin(
  { role, version }: PromotedVersion,
  boot: BootRecord,
  { before, dateOf }: PromotionFacts,
): Promise<Objection[]> {
  if (boot.schema === 1) return [{ why: 'it was made by an old ingot, and does not state its cluster' }];
  const objections: Objection[] = [];
  if (before?.cluster !== undefined && before.cluster !== boot.cluster)
    objections.push({ why: `it is of the cluster ${boot.cluster}, and the channel of ${before.cluster}` });
  const now = before?.versions[role];
  const date = now === undefined ? undefined : await dateOf(role, now.version);
  if (now !== undefined && now.version !== version && date !== undefined && boot.date < date)
    objections.push({
      why: `it is older than ${now.version}, which the channel names: its lock is of ${boot.date}, that one's of ${date}`,
      allowedBy: 'older',
    });
  return objections;
}

/** What speaks against the promotion of a version, and the vulnerabilities that it has. */
export interface CheckedPromotion {
  readonly version: PromotedVersion;
  readonly cluster: string | undefined;
  readonly objections: readonly Objection[];
  readonly found: readonly JudgedVulnerability[];
}

/**
 * Judges a version by the policy. That its files are as they were published is not checked here.
 * @param version signed by a key that was named, if `signed`
 * @throws IngotError not-a-version, wrong-feed
 */
export async function checkPromotion(
  { signed, ...version }: PromotedVersion & { readonly signed: boolean },
  policy: PromotionPolicy,
  facts: PromotionFacts,
): Promise<CheckedPromotion> {
  const { folder, role } = version;
  const boot = await requireBootRecord(folder);
  const revocation = revocationOf(facts.revoked, { ...version, role });
  const { objections: grave, found } = await checkVulnerabilities(
    { folder, vexTrusted: signed },
    policy,
    facts.feeds,
  );
  const objections: Objection[] = [
    ...(revocation === undefined ? [] : [{ why: `it was revoked on ${revocation.on}: ${revocation.why}` }]),
    ...(boot.schema === 2 && boot.production
      ? []
      : [
          { why: 'it contains stand-ins, or does not say that it has none', allowedBy: 'stand-ins' as const },
        ]),
    ...(await notRehearsed(version, policy, facts)),
    ...grave,
    ...(await otherOrigin(version, boot, facts)),
  ];
  return { version, cluster: boot.schema === 2 ? boot.cluster : undefined, objections, found };
}
