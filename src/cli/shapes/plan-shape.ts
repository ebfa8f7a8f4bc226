import { z } from 'zod';
import { count, list, role, schemaNumber, text } from './fields.ts';

// The shape of `ingot check --json`: the plan, which is everything that a bake would do.

const answers = list(
  z.strictObject({
    package: text,
    question: text,
    type: text,
    value: z.union([text, z.boolean(), z.number()]),
  }),
);

const source = z.strictObject({
  uris: list(text),
  suites: list(text),
  components: list(text),
  signedBy: text.optional(),
  trusted: z.literal(true).optional(),
  validUntil: z.literal(false).optional(),
  label: text.optional(),
  preset: z
    .strictObject({
      name: text,
      package: text,
      mirror: z.boolean(),
      keyUrl: text.optional(),
      fingerprint: text.optional(),
    })
    .optional(),
});

const rolePlan = z.strictObject({
  role,
  packages: list(text).describe('Debian packages in addition to the shared ones'),
  debs: list(
    z.strictObject({
      name: text,
      packages: list(text).optional(),
      from: text,
      sha256: text.optional(),
    }),
  ),
  layers: list(text).describe('absolute folders of files; a later one overrides earlier ones'),
  files: list(
    z.strictObject({
      path: text,
      mode: text.describe('octal'),
      content: text,
      said: text.optional().describe('where the spec names it, as FILE:LINE:COLUMN'),
      note: text.optional(),
    }),
  ),
  steps: list(z.strictObject({ name: text, folder: text })),
  unitsOn: list(text),
  unitsMasked: list(text),
  kernelArguments: list(text),
  modules: list(text).optional(),
  sysctls: z.record(text, text),
  checks: list(
    z.strictObject({
      name: text,
      run: text,
      within: z.number().describe('seconds'),
      needs: z.literal('master').optional(),
    }),
  ),
  debconf: answers.optional(),
  setuid: list(z.object({ path: text, why: text })).optional(),
  leaveOut: list(z.object({ path: text, why: text })).optional(),
  memoryMiB: count,
  compressionLevel: count,
});

export const checkShape = z.strictObject({
  schema: schemaNumber(1),
  cluster: text,
  masters: list(text),
  quorum: count,
  layout: text,
  scheduler: text,
  targets: list(text),
  base: z.strictObject({
    distribution: z.literal('debian'),
    suite: text,
    architecture: z.literal('amd64'),
    sources: list(source),
  }),
  sharedPackages: list(text),
  debconf: answers.optional(),
  roles: list(rolePlan),
  siteLayers: list(
    z.strictObject({
      name: text.describe('as in keys and reports'),
      folder: text.describe('absolute'),
      role: role.nullable().describe('the only role that gets it; null for every node'),
      replace: z.boolean(),
      at: count.describe('position in layers of the spec, from 0'),
    }),
  ).optional(),
  fetchedLayers: list(
    z.strictObject({
      name: text,
      git: text.optional().describe('without credentials'),
      ref: text.optional(),
      archive: text.optional().describe('without credentials'),
      sha256: text.optional().describe('of the archive'),
      folder: text.optional(),
      commit: text.optional(),
      tree: text.describe('digest of the files of the layer (docs/layers.md)'),
    }),
  )
    .optional()
    .describe('layers from git or an archive, as the lock has fixed them'),
  templates: z.record(text, text).optional().describe('templates of layers: path below templates/ and text'),
  contributions: list(
    z.strictObject({
      from: text,
      role: role.nullable(),
      adds: z.record(text, list(text)),
    }),
  )
    .optional()
    .describe('what layers and sections of the spec add, for people'),
  guest: z.strictObject({ cpus: count, memoryMiB: count, timeoutMinutes: z.number() }),
  confirmMinutes: z.number(),
  data: z
    .object({ label: text.optional(), disk: text.optional(), format: text })
    .nullable()
    .describe('the disk for the state of every node (docs/spec.md)'),
  seed: z
    .object({
      cluster: z.record(text, z.unknown()),
      files: list(z.object({ path: text, mode: text, content: text, owner: text })),
    })
    .describe('the other contents of the cluster seed (docs/seed.md)'),
  epoch: count.describe('seconds since 1970; no timestamp in an image is later'),
});
