import { z } from 'zod';

/**
 * The types of questions that a spec can answer (debconf-devel(7)). The type password is missing because the password
 * would stay in the image.
 */
export const debconfTypes = ['boolean', 'string', 'select', 'multiselect'] as const;

/** A value as debconf stores it: one line. A backslash at the end of the line would join it with the next answer. */
const oneLine = /^(?:\S(?:[^\p{Cc}]*[^\s\p{Cc}\\])?|[^\s\p{Cc}\\])?$/u;

const answer = z
  .strictObject({
    package: z
      .string()
      .regex(/^[a-z0-9][a-z0-9+.-]+$/)
      .meta({
        title: 'Debian package',
        description: 'the package that asks the question',
        examples: ['tzdata'],
      }),
    question: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9+._-]*(?:\/[A-Za-z0-9+._-]+)+$/)
      .meta({
        title: 'debconf question',
        description: 'the name of the question, with its slash, as debconf-show prints it',
        examples: ['tzdata/Areas'],
      }),
    type: z.enum(debconfTypes).meta({
      description:
        'the type of the question; passwords are not supported, because they would stay in the image',
      examples: ['boolean'],
    }),
    value: z
      .union([z.boolean(), z.int(), z.string().regex(oneLine)])
      .transform(String)
      .meta({
        title: 'answer',
        description: 'true or false for a boolean, else text on one line',
        examples: ['true'],
      }),
  })
  .superRefine((given, context) => {
    if (given.type !== 'boolean' || given.value === 'true' || given.value === 'false') return;
    context.addIssue({
      code: 'custom',
      path: ['value'],
      message: `${given.value} is not an answer to a boolean question`,
      params: { right: 'true or false' },
    });
  })
  .meta({
    description: 'an answer: package, question, type, value',
    examples: [{ package: 'tzdata', question: 'tzdata/Areas', type: 'select', value: 'Etc' }],
  });

/** The answers to the debconf questions of packages, for `common`, `master` and `slave`. */
export const debconfAnswers = z
  .array(answer)
  .superRefine((answers, context) => {
    answers.forEach(({ package: name, question }, index) => {
      const first = answers.findIndex((one) => one.package === name && one.question === question);
      if (first < index)
        context.addIssue({
          code: 'custom',
          path: [index, 'question'],
          message: `${question} is answered twice`,
          params: { right: 'each question once', firstAt: [first, 'question'] },
        });
    });
  })
  .default([])
  .meta({ description: 'answers to the debconf questions of packages, used when they are installed' });
