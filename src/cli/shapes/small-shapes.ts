import { z } from 'zod';
import { checkNames } from '../../doctor/finding.ts';
import { bytes, count, folder, list, role, schemaNumber, text, versionName } from './fields.ts';

// Shapes of commands that print a few facts.

const bakedImages = list(
  z.strictObject({
    role,
    version: versionName,
    folder,
    published: z.boolean().describe('false if the store already had what would be built'),
    dev: z.literal(true).optional().describe('a development version of --fast, which is not in the store'),
  }),
);

export const bakeShape = z.strictObject({ schema: schemaNumber(1), images: bakedImages });

export const bakeClustersShape = z.strictObject({
  schema: schemaNumber(1),
  clusters: list(
    z.strictObject({
      cluster: text,
      spec: text.describe('the spec as it was named'),
      out: folder.describe('the store of this cluster'),
      status: z.enum(['done', 'failed']),
      exit: count.describe('the exit status that a bake of only this cluster would have had'),
      images: bakedImages.describe('empty if it failed'),
      error: z.strictObject({ code: text, message: text }).optional(),
    }),
  ).describe('in the order of the specs'),
});

export const bakeExplainShape = z.strictObject({
  schema: schemaNumber(1),
  stages: list(
    z.strictObject({
      stage: text,
      role: role.nullable().describe('null for the stage that the roles share'),
      title: text,
      verdict: z.enum(['runs', 'cached', 'idle']),
      why: list(text),
    }),
  ),
});

export const doctorShape = z.strictObject({
  schema: schemaNumber(1),
  ready: z.boolean().describe('false if a bake would fail'),
  findings: list(
    z.strictObject({
      check: z.enum(checkNames),
      state: z.enum(['ok', 'warning', 'problem']),
      text,
      remedy: z
        .strictObject({ command: text, safe: z.boolean().describe('whether --fix does it') })
        .nullable(),
    }),
  ),
  fixed: list(text).describe('the commands whose work --fix has done'),
});

export const lockCheckShape = z.strictObject({
  schema: schemaNumber(1),
  upToDate: z.boolean(),
  reasons: list(text).describe('what the spec requires that the lock does not have'),
});

export const gcShape = z.strictObject({
  schema: schemaNumber(1),
  dryRun: z.boolean(),
  cache: z.strictObject({
    folder,
    stages: count.describe('the number of stages that were removed'),
    files: count.describe('the number of files that were removed'),
    freedBytes: bytes,
    leftBytes: bytes,
  }),
  versions: list(z.strictObject({ folder, bytes })).describe('removed versions of the store'),
});

export const keygenShape = z.strictObject({
  schema: schemaNumber(1),
  privateFile: text,
  publicFile: text,
  keyid: text,
});

export const signShape = z.strictObject({
  schema: schemaNumber(1),
  versions: list(
    z.strictObject({ folder, signed: z.boolean().describe('false if it already had the signature') }),
  ),
});

export const seedShape = z.strictObject({
  schema: schemaNumber(1),
  folder,
  cluster: text,
  files: list(text).describe('names of the files in the folder'),
  userDataBytes: bytes,
  ec2Limit: bytes,
  fitsEc2: z.boolean().describe('whether the user data is small enough for EC2'),
  kernelArgument: text,
  signedBy: text.optional(),
  refused: z.boolean().describe('whether nodes of the spec would refuse this seed, since it is not signed'),
});

export const netbootShape = z.strictObject({
  schema: schemaNumber(1),
  folder,
  files: list(text).describe('absolute paths of the tree and of the configuration of its servers'),
});

export const netbootServeShape = z
  .strictObject({
    schema: schemaNumber(1),
    time: z.iso.datetime(),
    mac: text,
    address: text.optional(),
    role: z.union([role, z.literal('unknown')]).optional(),
    stage: text,
    text,
    seconds: z.number().describe('seconds since the first request of the machine in this boot'),
  })
  .describe('one object on each line');
