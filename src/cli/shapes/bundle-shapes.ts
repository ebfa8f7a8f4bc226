import { z } from 'zod';
import { bytes, count, list, role, rootHash, schemaNumber, text, versionName } from './fields.ts';

const contents = {
  schema: schemaNumber(1),
  ingot: text.describe('the version of ingot that wrote it'),
  cluster: text,
  created: text.describe('ISO 8601'),
  versions: list(z.strictObject({ role, version: versionName, rootHash, standIns: z.boolean() })),
  packages: count.describe('the number of packages of the lock'),
  file: text.describe('absolute path of the bundle'),
  files: count,
};

/** What `ingot bundle --json` prints. */
export const bundleShape = z.strictObject(contents);

/** What `ingot bundle verify --json` and `ingot bundle open --json` print. */
export const bundleVerifyShape = z.strictObject({
  ...contents,
  bytes,
  signedBy: list(text).describe('ids of the given keys that signed it'),
});
