import { z } from 'zod';
import { bytes, folder, list, role, rootHash, schemaNumber, text, versionName } from './fields.ts';

// Shapes of commands that bring versions to other machines.

export const publishShape = z.strictObject({
  schema: schemaNumber(1),
  to: text.describe('the place as it was named'),
  address: text.describe('what fetches all of it'),
  sentBytes: bytes,
  presentBytes: bytes.describe('bytes that the place had already'),
  channels: list(text).describe('channels that were copied; "revoked" is the list of revoked versions'),
  versions: list(
    z.strictObject({
      role,
      version: versionName,
      folder,
      address: text.describe('what fetches this version'),
      standIns: z.boolean(),
      signedBy: list(text).describe('ids of the given keys that signed the version'),
    }),
  ),
});

export const pullShape = z.strictObject({
  schema: schemaNumber(1),
  from: text.describe('the address as it was named'),
  versions: list(
    z.strictObject({
      role,
      version: versionName,
      folder,
      rootHash,
      signedBy: list(text).describe('ids of the given keys that signed the version'),
    }),
  ),
});
