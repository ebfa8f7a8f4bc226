import { z } from 'zod';
import {
  accelerator,
  bootedNode,
  bytes,
  count,
  digestField,
  drillOutcome,
  folder,
  list,
  role,
  rootHash,
  schemaNumber,
  secondsField,
  text,
  verifiedVersion,
  versionName,
} from './fields.ts';

// Shapes of the commands that test images.

export const verifyShape = z.strictObject({
  schema: schemaNumber(1),
  versions: list(
    z.strictObject({
      ...verifiedVersion,
      sigstore: z
        .strictObject({
          bundles: count,
          verifiedBy: list(text).describe('ids of the given keys whose bundles were verified'),
        })
        .optional()
        .describe('the Sigstore bundles next to the version, if it has some and no other problem'),
    }),
  ),
});

export const bootTestShape = z.strictObject({
  schema: schemaNumber(1),
  nodes: list(bootedNode).describe('the nodes that were booted').optional(),
  versions: list(z.strictObject({ ...verifiedVersion, booted: bootedNode.optional() }))
    .describe('instead of nodes, if folders of versions were named')
    .optional(),
});

const firstDifference = z.strictObject({ offset: bytes, stored: text, made: text });
const field = z.strictObject({ name: text, stored: text.optional(), made: text.optional() });
const paths = z.strictObject({
  added: count,
  removed: count,
  changed: count,
  paths: list(
    z.strictObject({
      path: text,
      kind: z.enum(['added', 'removed', 'changed']),
      fields: list(field),
      origin: z.strictObject({ packages: list(text), guest: z.boolean(), layers: list(text) }).optional(),
      content: z.strictObject({ first: firstDifference, textDiff: text.optional() }).optional(),
    }),
  ).describe('the first of them'),
});
const file = z.strictObject({ size: bytes, sha256: digestField });

export const reproduceShape = z.strictObject({
  schema: schemaNumber(1),
  images: list(
    z.strictObject({
      role,
      folder: text.describe('the compared folder, below the store'),
      storedVersion: versionName,
      madeVersion: versionName,
      otherPrograms: list(text),
      difference: z.strictObject({
        equal: z.boolean(),
        files: list(
          z.strictObject({
            name: text,
            equal: z.boolean(),
            stored: file.optional(),
            made: file.optional(),
            first: firstDifference.optional(),
            notes: list(text),
          }),
        ),
        head: list(field),
        root: paths,
        initrd: paths,
      }),
    }),
  ),
});

const namedVersion = z.object({ version: versionName, rootHash });
const versions = z.strictObject({ master: namedVersion, slave: namedVersion });
const at = z.number().describe('seconds since the start of the upgrade');

export const rehearseShape = z.strictObject({
  schema: schemaNumber(1),
  outcomes: list(drillOutcome),
  accelerator,
  versions: versions.describe('the versions that the nodes booted first'),
  ran: list(
    z.strictObject({ name: text, role, version: versionName.nullable(), rootHash: rootHash.nullable() }),
  ).describe('the version that each node reported at the end'),
  logs: folder,
  nodes: list(z.strictObject({ name: text, address: text, sshConfig: text })).describe(
    'with --keep: the running nodes',
  ),
  upgrade: z
    .strictObject({
      from: versions,
      to: versions,
      seconds: secondsField.optional(),
      steps: list(
        z.strictObject({
          kind: z.enum(['master', 'fall-back', 'wave']),
          nodes: list(text),
          at,
          seconds: secondsField,
          parts: list(z.strictObject({ what: text, seconds: secondsField })),
          saw: text,
        }),
      ).optional(),
      leaderless: z
        .strictObject({
          longestSeconds: secondsField,
          gaps: list(z.strictObject({ at, seconds: secondsField })),
        })
        .optional(),
      tasks: z
        .strictObject({
          wanted: count,
          running: count,
          moved: list(z.strictObject({ task: text, from: text, to: text, at, seconds: secondsField })),
          lost: list(z.strictObject({ task: text, node: text, at })),
          short: z.strictObject({ seconds: secondsField, fewest: count }),
        })
        .optional(),
    })
    .optional(),
});

export const drillsShape = z.strictObject({
  schema: schemaNumber(1),
  drills: list(z.strictObject({ name: text, quick: z.boolean(), verifies: text })),
});
