import { z } from 'zod';
import { absolutePath } from './fields.ts';

/**
 * Programs that may keep the file modes or capabilities that let them run with rights other than those of the user who
 * starts them; for `common`, `master` and `slave`.
 */
export const setuidPrograms = z
  .array(
    z
      .strictObject({
        path: absolutePath.meta({
          title: 'path of a program',
          description: 'the absolute path of the program, as the package has it',
          examples: ['/opt/vendor/bin/sandbox'],
        }),
        why: z
          .string()
          .regex(/^[^\s\p{Cc}](?:[^\p{Cc}]*[^\s\p{Cc}])?$/u)
          .meta({
            title: 'reason',
            description: 'why it needs other rights, on one line',
            examples: ['starts its own sandbox'],
          }),
      })
      .meta({
        description: 'a map of path and why',
        examples: [{ path: '/opt/vendor/bin/sandbox', why: 'starts its own sandbox' }],
      }),
  )
  .default([])
  .meta({
    description: 'programs that keep set-user-id, set-group-id or file capabilities; all others lose them',
  });
