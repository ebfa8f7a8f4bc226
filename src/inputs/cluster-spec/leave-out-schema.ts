import { z } from 'zod';
import { absolutePath } from './fields.ts';

/** Files of packages that are left out of an image, for `common`, `master` and `slave`. */
export const leftOutPaths = z
  .array(
    z
      .strictObject({
        path: absolutePath.meta({
          title: 'path or pattern',
          description: 'an absolute path; * and ? match within a name, ** matches any depth',
          examples: ['/usr/include/**'],
        }),
        why: z
          .string()
          .regex(/^[^\s\p{Cc}](?:[^\p{Cc}]*[^\s\p{Cc}])?$/u)
          .meta({
            title: 'reason',
            description: 'why no node needs it, on one line',
            examples: ['nothing is compiled on a node'],
          }),
      })
      .meta({
        description: 'a map of path and why',
        examples: [{ path: '/usr/include/**', why: 'nothing is compiled on a node' }],
      }),
  )
  .default([])
  .meta({ description: 'files of packages to leave out of the image, by path, each with the reason' });
