import { z } from 'zod';
import {
  bytes,
  count,
  folder,
  list,
  role,
  rootHash,
  schemaNumber,
  secondsField,
  text,
  versionName,
} from './fields.ts';

const milliseconds = count.describe('milliseconds');

export const publishAmiShape = z.strictObject({
  schema: schemaNumber(1),
  versions: list(
    z.strictObject({
      role,
      version: versionName,
      folder,
      rootHash,
      name: text.describe('the name of the image in every region'),
      images: list(z.strictObject({ region: text, image: text, snapshot: text })).describe(
        'where it was uploaded, then the copies',
      ),
      upload: z
        .strictObject({
          diskBytes: bytes,
          dataBytes: bytes.describe('bytes of the blocks that hold data'),
          blocks: count,
          sentBlocks: count.describe('blocks that were sent now, and not by an upload that was interrupted'),
          repeats: count.describe('requests that had to be repeated'),
          seconds: secondsField,
          checksum: text.describe('linear SHA-256 of all blocks, Base64'),
          latency: z.strictObject({
            requests: count,
            median: milliseconds,
            p90: milliseconds,
            p99: milliseconds,
            slowest: milliseconds,
          }),
        })
        .nullable()
        .describe('null if the account had the image already'),
    }),
  ),
});
