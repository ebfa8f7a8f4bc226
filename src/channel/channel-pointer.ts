import { z } from 'zod';
import { allRoles } from '../inputs/roles.ts';
import { isVersionName } from '../version/version-name.ts';
import { channelNames } from './channel-names.ts';

/** The type of the payload of a signed pointer. */
export const pointerType = 'application/vnd.ingot.channel+json';

const hex = z.string().regex(/^[0-9a-f]{64}$/);
const pointedVersion = z.strictObject({
  version: z.string().refine(isVersionName),
  /** Root hash of dm-verity. */
  rootHash: hex,
});
const byRole = z.partialRecord(z.enum(allRoles), pointedVersion);

const rolloutSchema = z.strictObject({
  versions: byRole,
  percent: z.int().min(1).max(99),
  /** The share whose nodes were found to be well before this wave began. */
  settled: z.int().min(0).max(99),
  /** Decides with the name of a node in which wave it is. */
  salt: z.string().min(1),
  /** SHA-256 of the names and roles of the inventory. */
  inventory: hex,
});

const pointerSchema = z.strictObject({
  schema: z.literal(1),
  channel: z.enum(channelNames),
  counter: z.int().positive(),
  cluster: z.string().optional(),
  issuedOn: z.iso.datetime(),
  expiresOn: z.iso.datetime(),
  versions: byRole,
  /** Versions that only a share of an inventory gets so far. */
  rollout: rolloutSchema.optional(),
  /** Counter of the list of revocations when this was signed. */
  revocations: z.int().nonnegative(),
  /** What the policy demands and a person allowed to be missing. */
  allowed: z.array(z.string()),
});

/** What a channel points to: signed, with a counter and an expiry (docs/channels.md). */
export type ChannelPointer = Readonly<z.output<typeof pointerSchema>>;
/** A version of each role, or of one. */
export type PointedVersions = Readonly<z.output<typeof byRole>>;
/** The versions that a share of an inventory gets. */
export type Rollout = z.output<typeof rolloutSchema>;

/** Validates the payload of a pointer; undefined for anything else. */
export function pointerOf(value: unknown): ChannelPointer | undefined {
  return pointerSchema.safeParse(value).data;
}

/** Every version that a pointer names, in "ROLE/VERSION" form. */
export function namesInPointer({ versions, rollout }: ChannelPointer): string[] {
  const named = [versions, rollout?.versions ?? {}].flatMap((some) =>
    allRoles.flatMap((role) => {
      const one = some[role];
      return one === undefined ? [] : [`${role}/${one.version}`];
    }),
  );
  return [...new Set(named)];
}
