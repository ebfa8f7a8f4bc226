import { z } from 'zod';
import { publicKeyPaths } from './fields.ts';

/**
 * The section `updates` of cluster.yaml: whose releases nodes trust, and how long a new version has to become healthy.
 */
export const updatesSchema = z
  .strictObject({
    keys: publicKeyPaths('keys/release.pub.pem').meta({
      description: 'public keys of the signers whose versions ingot-update installs on a node',
    }),
    // zod's int() ends parsing early, and then the rules next to it do not run.
    confirmMinutes: z
      .number()
      .multipleOf(1)
      .min(2)
      .max(120)
      .default(15)
      .meta({
        description:
          'minutes after its start within which a new version must be healthy, or the old one returns',
        examples: [15],
      }),
  })
  .prefault({})
  .meta({ description: 'how nodes are updated: keys, confirmMinutes' });
