import { z } from 'zod';
import { unitName } from './fields.ts';

/** Units that the spec enables or masks, for `common`, `master` and `slave`. */
export const unitsSchema = z
  .strictObject({
    on: z
      .array(unitName)
      .default([])
      .meta({
        description: 'units that start at boot; all others are disabled',
        examples: [['prometheus-node-exporter.service']],
      }),
    masked: z
      .array(unitName)
      .default([])
      .meta({
        description: 'units that never start, not even as a dependency of another unit',
        examples: [['rpcbind.service']],
      }),
  })
  .prefault({})
  .meta({
    description: 'units that start at boot (on) or never start (masked)',
    examples: [{ on: ['prometheus-node-exporter.service'] }],
  });
