import { z } from 'zod';
import { stepNames } from '../../nightly/night.ts';
import { drillOutcome, folder, list, role, schemaNumber, secondsField, text, versionName } from './fields.ts';

/** What `ingot nightly --json` prints, and summary.json in the folder of a night. */
export const nightlyShape = z.strictObject({
  schema: schemaNumber(1),
  name: text.describe('the name of the night, which is that of its folder'),
  folder,
  cluster: text,
  result: z
    .enum(['published', 'unchanged', 'failed', 'abandoned'])
    .describe('unchanged: the channel already leads to what would be baked'),
  begun: text.describe('ISO 8601'),
  ended: text.describe('ISO 8601').optional(),
  seconds: secondsField,
  channel: text.describe('the channel that leads to the versions').optional(),
  images: list(
    z.strictObject({
      role,
      version: versionName,
      folder,
      before: versionName.describe('the latest version before the night').optional(),
    }),
  ),
  packages: list(z.strictObject({ name: text, before: text, after: text })).describe(
    'the packages that changed in the lock',
  ),
  drills: list(drillOutcome),
  steps: list(
    z.strictObject({
      name: z.enum(stepNames),
      result: z.enum(['done', 'kept', 'failed', 'not needed', 'not run']),
      seconds: secondsField,
      says: list(text).describe('what the step found, one line each'),
      failure: z
        .strictObject({ code: text, message: text, excerpt: list(text), hint: text.optional() })
        .optional(),
    }),
  ),
  files: list(text).describe('the reports in the folder'),
});
