import { z } from 'zod';
import { bytes, count, list, rootHash, schemaNumber, text, versionName } from './fields.ts';

// Shapes of the commands that find differences.

const groups = list(text).optional();
const change = z.strictObject({ name: text, before: text.optional(), after: text.optional() });
const pathKind = z.enum(['added', 'removed', 'changed']);
const side = z.strictObject({ named: text, title: text, packages: count });

export const diffShape = z.strictObject({
  schema: schemaNumber(1),
  kind: z.enum(['versions', 'locks']),
  same: z.boolean(),
  before: side,
  after: side,
  packages: list(
    z.strictObject({
      name: text,
      architecture: text,
      kind: z.enum(['added', 'removed', 'upgraded', 'downgraded', 'rebuilt']),
      before: text.optional(),
      after: text.optional(),
      source: text,
      groups,
    }),
  ),
  security: list(
    z.strictObject({
      source: text,
      before: text,
      after: text,
      entries: list(
        z.strictObject({ version: text, distributions: text, urgency: text, date: text, cves: list(text) }),
      ),
      urgency: text.optional(),
      cves: list(text),
      unknown: text.optional().describe('why nothing is known about it'),
    }),
  ),
  root: z
    .strictObject({
      head: list(change),
      rootHash: change.optional(),
      memoryMiB: change.optional(),
      kernelArguments: z.strictObject({ added: list(text), removed: list(text) }),
      units: list(
        z.strictObject({
          unit: text,
          kind: z.enum(['enabled', 'disabled', 'masked', 'unmasked']),
          by: text.optional(),
        }),
      ),
      configuration: list(
        z.strictObject({ path: text, kind: pathKind, textDiff: text.optional(), note: text.optional() }),
      ),
      paths: z.strictObject({
        added: count,
        removed: count,
        changed: count,
        timesOnly: count,
        list: list(
          z.strictObject({
            path: text,
            kind: pathKind,
            type: text.optional(),
            fields: list(change),
            owner: text,
            also: list(text),
          }),
        ),
      }),
      sizes: z.strictObject({
        root: z.strictObject({ before: bytes, after: bytes }),
        byOwner: list(z.strictObject({ owner: text, bytes: z.int().describe('bytes; negative if smaller') })),
        files: list(z.strictObject({ name: text, before: bytes.optional(), after: bytes.optional() })),
      }),
    })
    .optional()
    .describe('only for versions'),
});

export const driftShape = z.strictObject({
  schema: schemaNumber(2),
  at: z.iso.datetime(),
  nodes: count,
  golden: list(
    z.strictObject({
      role: text,
      version: versionName,
      rootHash: rootHash.nullable(),
      from: text,
      nodes: count.optional(),
      of: count.optional(),
    }),
  ),
  seed: z
    .strictObject({
      from: text,
      digests: list(text),
      nodes: count.optional(),
      of: count.optional(),
    })
    .nullable(),
  counts: z.record(text, count).describe('the number of nodes in each state'),
  groups: list(
    z.strictObject({
      state: text,
      label: text.optional(),
      why: text.optional(),
      role: text.optional(),
      version: versionName.nullish(),
      rootHash: rootHash.nullish(),
      seed: text.nullish(),
      boot: z.unknown().optional(),
      digest: text.nullish(),
      drift: z.unknown().optional().describe('what ingot-drift reports (docs/drift.md)'),
      selfReported: z.boolean().optional(),
      nodes: list(text),
      explanation: z.unknown().optional(),
    }),
  ).describe('nodes with equal answers'),
});
