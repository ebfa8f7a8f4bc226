import { z } from 'zod';
import {
  accelerator,
  bytes,
  count,
  list,
  role,
  schemaNumber,
  secondsField,
  text,
  versionName,
} from './fields.ts';

/** What `ingot history --json` prints. */
export const historyShape = z.strictObject({
  schema: schemaNumber(1),
  versions: list(
    z.strictObject({
      role,
      version: versionName,
      latest: z.boolean(),
      published: text.nullable().describe('when it was boot-tested, ISO 8601'),
      rootBytes: bytes,
      diskBytes: bytes,
      packages: count.nullable(),
      bakeSeconds: secondsField.nullable(),
      cachedStages: count.nullable(),
      bootSeconds: secondsField.nullable(),
      bootUntil: z.enum(['healthy', 'ssh']).nullable(),
      accelerator: accelerator.nullable(),
    }),
  ),
  left: list(text).describe('folders that could not be read, and why'),
});
