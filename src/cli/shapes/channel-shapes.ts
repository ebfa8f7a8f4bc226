import { z } from 'zod';
import { channelNames } from '../../channel/channel-names.ts';
import { severities } from '../../channel/feed/severity.ts';
import { bytes, count, folder, list, role, rootHash, schemaNumber, text, versionName } from './fields.ts';

// Shapes of the commands about the versions and channels of a store.

const named = z.strictObject({ version: versionName, rootHash });
const namedByRole = z.partialRecord(role, named);

const pointer = z.strictObject({
  schema: z.literal(1),
  channel: z.enum(channelNames),
  counter: count.describe('grows with every pointer of the channel'),
  cluster: text.optional(),
  issuedOn: z.iso.datetime(),
  expiresOn: z.iso.datetime(),
  versions: namedByRole,
  rollout: z
    .strictObject({ versions: namedByRole, percent: count, settled: count, salt: text, inventory: text })
    .optional()
    .describe('the versions that a share of an inventory gets'),
  revocations: count.describe('the number of the list of revoked versions when this was signed'),
  allowed: list(text).describe('what the policy demands and a person allowed to be missing'),
});

const revoked = z.strictObject({ role, version: versionName, rootHash, why: text, on: z.iso.datetime() });

const listedVersion = {
  role,
  version: versionName,
  folder,
  cluster: text.nullable(),
  date: text.nullable().describe('date of the lock, ISO 8601'),
  production: z.boolean().nullable().describe('false if it contains stand-ins'),
  rootHash: rootHash.nullable(),
  bytes,
  latest: z.boolean(),
  channels: list(text).describe('the channels that name it'),
  revoked: z.strictObject({ why: text, on: z.iso.datetime() }).nullable(),
  signedBy: list(text).describe('ids of the keys in its signature'),
  statements: count.describe('signed statements about rehearsals, not verified'),
};

const problems = list(text).describe('channels that must not be used, and why');

export const listShape = z.strictObject({
  schema: schemaNumber(1),
  verified: z
    .boolean()
    .describe('whether signatures, counters and expiry of the channels were checked (--key)'),
  versions: list(z.strictObject(listedVersion)),
  channels: list(pointer),
  revoked: list(revoked),
  problems,
});

export const showShape = z.strictObject({
  schema: schemaNumber(1),
  versions: list(
    z.strictObject({
      ...listedVersion,
      verified: z.boolean().nullable().describe('whether all files are as signed; null without --key'),
    }),
  ),
  channel: pointer.nullable(),
  problems,
});

export const promoteShape = z.strictObject({
  schema: schemaNumber(1),
  wave: z
    .strictObject({
      percent: count,
      nodes: list(text).describe('all nodes that have the versions after this wave'),
      moved: z.boolean().describe('false if they are only listed'),
    })
    .nullable(),
  pointer,
  before: pointer.nullable(),
  versions: list(
    z.strictObject({
      role,
      version: versionName,
      vulnerabilities: list(
        z.strictObject({
          id: text,
          source: text.describe('the source package'),
          version: text.describe('its version in the image'),
          severity: z.enum(severities).nullable(),
          fixed: text.nullable().describe('the version with a fix'),
          notAffected: z
            .strictObject({ justification: text, notes: text })
            .nullable()
            .describe('what the statements of the version (OpenVEX) say, if the image does not have it'),
        }),
      ),
    }),
  ),
});

export const revokeShape = z.strictObject({
  schema: schemaNumber(1),
  role,
  version: versionName,
  rootHash,
  added: z.boolean().describe('false if it was revoked before'),
  counter: count.describe('the number of the list of revoked versions'),
  namedBy: list(z.enum(channelNames)).describe('channels that still name it'),
});
