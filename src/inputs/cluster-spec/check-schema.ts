import { z } from 'zod';

/** A check of image.yaml, and of `checks` in cluster.yaml. */
const checkSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[^\p{Cc}]{1,60}$/u)
      .meta({
        title: 'name of a check',
        description: 'a few words on one line',
        examples: ['zookeeper answers'],
      }),
    run: z
      .string()
      .regex(/\S/)
      .meta({
        title: 'command',
        description: 'what /bin/sh -c runs on the node as root; exit 0 passes',
        examples: ['true'],
      }),
    within: z
      .number()
      .multipleOf(1)
      .min(1)
      .max(3600)
      .default(60)
      .meta({ description: 'whole seconds within which it has to pass', examples: [60] }),
    needs: z
      .literal('master')
      .exactOptional()
      .meta({
        description: 'the check passes only with a running master: ingot bake --fast omits it',
        examples: ['master'],
      }),
  })
  .meta({
    description: 'a map of name, run, within and needs',
    examples: [{ name: 'docker answers', run: 'docker info', within: 60 }],
  });

/** Checks that a booted node must pass before its image is published. */
export const checksSchema = z
  .array(checkSchema)
  .default([])
  .meta({ description: 'checks that a booted node must pass before its image is published' });
