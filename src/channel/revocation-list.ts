import { z } from 'zod';
import { allRoles } from '../inputs/roles.ts';
import { isVersionName } from '../version/version-name.ts';
import { isReason } from './reason.ts';

/** The type of the payload of the signed list of revocations. */
export const revocationsType = 'application/vnd.ingot.revocations+json';

/** The name of the series of lists in the folder of the channels. */
export const revocationsName = 'revoked';

const revocationSchema = z.strictObject({
  role: z.enum(allRoles),
  version: z.string().refine(isVersionName),
  /** Root hash of dm-verity. */
  rootHash: z.string().regex(/^[0-9a-f]{64}$/),
  /** One line, for people. */
  why: z.string().refine(isReason),
  on: z.iso.datetime(),
});

const listSchema = z.strictObject({
  schema: z.literal(1),
  counter: z.int().positive(),
  issuedOn: z.iso.datetime(),
  revoked: z.array(revocationSchema),
});

/** A version that must not run any more. */
export type Revocation = Readonly<z.output<typeof revocationSchema>>;
/** All revocations of a store; each list has all of the one before it. */
export type RevocationList = Readonly<z.output<typeof listSchema>>;

/** Validates the payload of a list; undefined for anything else. */
export function revocationListOf(value: unknown): RevocationList | undefined {
  return listSchema.safeParse(value).data;
}

/** The revocation of a version, by its name or by its root hash; undefined if it is not revoked. */
export function revocationOf(
  revoked: readonly Revocation[],
  {
    role,
    version,
    rootHash,
  }: { readonly role: string; readonly version: string; readonly rootHash?: string },
): Revocation | undefined {
  return revoked.find((one) => one.role === role && (one.version === version || one.rootHash === rootHash));
}
