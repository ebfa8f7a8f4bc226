import { z } from 'zod';
import { allRoles } from '../../inputs/roles.ts';

/** What these names mean is in docs/upgrade.md. */
const predicateType = 'urn:ingot:docs:upgrade.md#rehearsal-v1';

const hex = z.string().regex(/^[0-9a-f]{64}$/);
const versionSchema = z.strictObject({ version: z.string(), rootHash: hex });
const versionsSchema = z.strictObject({ master: versionSchema, slave: versionSchema });

const drillSchema = z.strictObject({
  name: z.string().min(1),
  result: z.enum(['passed', 'failed', 'skipped', 'not run']),
  seconds: z.number().nonnegative(),
  /** What was seen, or why it was skipped. */
  saw: z.string(),
});

const upgradeSchema = z.strictObject({
  from: versionsSchema,
  seconds: z.number().nonnegative(),
  /** Seconds in which no master was seen to lead, at most at once. */
  leaderlessSeconds: z.number().nonnegative(),
  tasks: z.strictObject({
    wanted: z.int().nonnegative(),
    moved: z.int().nonnegative(),
    lost: z.int().nonnegative(),
  }),
});

const predicateSchema = z.strictObject({
  role: z.enum(allRoles),
  /** The versions that ran together at the end; the subject is the one of the role. */
  versions: versionsSchema,
  cluster: z.strictObject({
    masters: z.int().nonnegative(),
    slaves: z.int().nonnegative(),
    accelerator: z.enum(['kvm', 'tcg']),
    layout: z.string(),
    scheduler: z.string(),
    /** Whether all of it was fit for production: no stand-ins. */
    production: z.boolean(),
  }),
  /** Sections of the seed that the spec sets, by name: no value of it. */
  settings: z.array(z.string()),
  drills: z.array(drillSchema).min(1),
  upgrade: upgradeSchema.optional(),
  finishedOn: z.iso.datetime(),
});

/** What a rehearsal says of a version. */
export type RehearsalPredicate = Readonly<z.output<typeof predicateSchema>>;

const statementSchema = z.strictObject({
  _type: z.literal('https://in-toto.io/Statement/v1'),
  subject: z.tuple([
    z.strictObject({
      name: z.literal('root.squashfs'),
      digest: z.strictObject({
        sha256: hex,
        /** Of dm-verity; its salt is made of kernel, initrd and arguments, so it names those too. */
        verityRootHash: hex,
      }),
    }),
  ]),
  predicateType: z.literal(predicateType),
  predicate: predicateSchema,
});

/** An in-toto statement (v1): this root survived these drills. */
export type RehearsalStatement = Readonly<z.output<typeof statementSchema>>;

/** The statement about a version. */
export function rehearsalStatement(
  root: { readonly sha256: string; readonly rootHash: string },
  predicate: RehearsalPredicate,
): RehearsalStatement {
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'root.squashfs', digest: { sha256: root.sha256, verityRootHash: root.rootHash } }],
    predicateType,
    predicate,
  };
}

export const statementText = (statement: RehearsalStatement): string =>
  `${JSON.stringify(statement, null, 1)}\n`;

/** Reads a statement, strictly; undefined for anything else. */
export function parseStatement(text: string): RehearsalStatement | undefined {
  try {
    return statementSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
