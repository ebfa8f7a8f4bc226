import { z } from 'zod';
import { allRoles } from '../../inputs/plan/plan.ts';

// What the shapes of several commands have in common.

/** A list that nobody changes. */
export const list = <T extends z.ZodType>(item: T) => z.array(item).readonly();

export const text = z.string();
export const count = z.int().nonnegative();
export const bytes = count.describe('bytes');
export const secondsField = z.number().nonnegative().describe('seconds');
export const digestField = z.string().regex(/^[0-9a-f]{64}$/);
export const rootHash = z.string().describe('root hash of dm-verity, hexadecimal');
export const role = z.enum(allRoles);
export const versionName = z.string().describe('the name of a version, such as 20261128-34df6ba5d428');
export const folder = z.string().describe('absolute path of a folder');
export const accelerator = z.enum(['kvm', 'tcg']);
export const firmware = z.enum(['bios', 'uefi']);

/** The number of a shape; it grows when a field is removed or its meaning changes. */
export const schemaNumber = <const N extends number>(number: N) =>
  z
    .literal(number)
    .describe('the version of this shape: fields may be added to it, and none is removed or changed');

/** A booted node with the results of its checks. */
export const bootedNode = z.strictObject({
  role,
  firmware,
  accelerator,
  secondsToSsh: secondsField.describe('seconds from power-on until ssh answered'),
  checks: list(
    z.strictObject({
      name: text,
      saw: text.describe('the last line that the check printed'),
      seconds: secondsField,
    }),
  ),
  boot: z
    .strictObject({
      stages: list(
        z.strictObject({
          name: text,
          seconds: z.number(),
          parts: list(z.strictObject({ name: text, seconds: z.number() })).optional(),
        }),
      ),
      healthySeconds: z.number().describe('seconds from power-on until the node was healthy'),
    })
    .optional(),
});

const drill = z.strictObject({
  name: text,
  result: z.enum(['passed', 'failed', 'skipped', 'not run']),
  seconds: secondsField,
  saw: text.describe('what was observed, or why it failed or was skipped'),
});

/** The result of a drill, with a table if it has one. */
export const drillOutcome = z.strictObject({
  ...drill.shape,
  begunAt: z.number().describe('milliseconds since 1970; missing if it did not run').optional(),
  table: text.optional(),
});

/** A version that was verified without being booted. */
export const verifiedVersion = {
  folder,
  role: text.optional(),
  version: versionName.optional(),
  rootHash: rootHash.optional(),
  signedBy: list(text).describe('ids of the given keys that signed the version'),
  files: count.describe('the number of files that were read'),
  bytes,
  problems: list(
    z.strictObject({ file: text.describe('relative to the folder of the version'), why: text }),
  ).describe('empty if the version is as it was signed'),
  rehearsals: z
    .strictObject({
      statements: list(
        z.object({ _type: text, predicateType: text, subject: z.unknown(), predicate: z.unknown() }),
      ).describe('in-toto statements (docs/upgrade.md)'),
      refused: list(z.strictObject({ file: text, why: text })),
    })
    .optional(),
  notRehearsed: list(text)
    .describe('drills that --rehearsed requires and that no statement reports as passed')
    .optional(),
};
