import { z } from 'zod';
import { allRoles } from '../../inputs/roles.ts';

/** docs/upgrade.md explains these names. */
const predicateType = 'urn:ingot:docs:upgrade.md#rehearsal-v1';

const hex = z.string().regex(/^[0-9a-f]{64}$/);
const versionSchema = z.strictObject({ version: z.string(), rootHash: hex });
const versionsSchema = z.strictObject({ master: versionSchema, slave: versionSchema });

const drillSchema = z.strictObject({
  name: z.string().min(1),
  result: z.enum(['passed', 'failed', 'skipped', 'not run']),
  seconds: z.number().nonnegative(),
  /** The observed result, or why the drill was skipped. */
  saw: z.string(),
});

const upgradeSchema = z.strictObject({
  from: versionsSchema,
  seconds: z.number().nonnegative(),
  /** The longest period, in seconds, in which no master was seen to lead. */
  leaderlessSeconds: z.number().nonnegative(),
  tasks: z.strictObject({
    wanted: z.int().nonnegative(),
    moved: z.int().nonnegative(),
    lost: z.int().nonnegative(),
  }),
});

const predicateSchema = z.strictObject({
  role: z.enum(allRoles),
  /** The versions that ran together at the end. The subject is the one of the role. */
  versions: versionsSchema,
  cluster: z.strictObject({
    masters: z.int().nonnegative(),
    slaves: z.int().nonnegative(),
    accelerator: z.enum(['kvm', 'tcg']),
    layout: z.string(),
    scheduler: z.string(),
    /** Whether everything was fit for production, that is, without stand-ins. */
    production: z.boolean(),
  }),
  /** Names of the sections of the seed that the spec sets; their values are not included. */
  settings: z.array(z.string()),
  drills: z.array(drillSchema).min(1),
  upgrade: upgradeSchema.optional(),
  finishedOn: z.iso.datetime(),
});

/** What a rehearsal states about a version. */
export type RehearsalPredicate = Readonly<z.output<typeof predicateSchema>>;

const statementSchema = z.strictObject({
  _type: z.literal('https://in-toto.io/Statement/v1'),
  subject: z.tuple([
    z.strictObject({
      name: z.literal('root.squashfs'),
      digest: z.strictObject({
        sha256: hex,
        /**
         * The root hash of dm-verity. Its salt is made from kernel, initrd and arguments, so it identifies those too.
         */
        verityRootHash: hex,
      }),
    }),
  ]),
  predicateType: z.literal(predicateType),
  predicate: predicateSchema,
});

/** An in-toto statement (v1) that this root passed these drills. */
export type RehearsalStatement = Readonly<z.output<typeof statementSchema>>;

/** Creates the statement about a version. */
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

/** Strictly parses a statement; undefined for anything else. */
export function parseStatement(text: string): RehearsalStatement | undefined {
  try {
    return statementSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
