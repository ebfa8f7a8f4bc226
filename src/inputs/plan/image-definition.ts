import { z } from 'zod';
import { kernelArguments, packageNames, sysctls, unitName } from '../cluster-spec/fields.ts';
import { parseYaml } from '../yaml/parse-yaml.ts';

const check = z
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
  })
  .meta({
    description: 'a map of name, run and within',
    examples: [{ name: 'docker answers', run: 'docker info', within: 60 }],
  });

const imageSchema = z.strictObject({
  packages: packageNames.default([]),
  unitsOn: z.array(unitName).default([]).meta({ description: 'units that start at boot' }),
  unitsMasked: z.array(unitName).default([]).meta({ description: 'units that never start' }),
  kernelArguments: kernelArguments.default([]),
  sysctls: sysctls.default({}),
  checks: z
    .array(check)
    .default([])
    .meta({ description: 'checks that a booted node must pass before its image is published' }),
  memoryMiB: z
    .number()
    .multipleOf(1)
    .min(128)
    .max(1024 * 1024)
    .meta({
      description: 'whole MiB of RAM that a node needs in addition to its root when it runs from memory',
      examples: [1024],
    })
    .optional(),
});

/** One image.yaml of images/, with its defaults filled in. */
export type ImageDefinition = z.output<typeof imageSchema>;

/**
 * Parses the text of an image.yaml. An empty file adds nothing.
 * @param fileName the name of the file in errors
 * @throws IngotError wrong-images that shows every error with file, line, column and what would be right
 */
export function parseImageDefinition(text: string, fileName: string): ImageDefinition {
  return parseYaml({
    code: 'wrong-images',
    text,
    fileName,
    schema: imageSchema,
    hint: 'An image.yaml has packages, unitsOn, unitsMasked, kernelArguments, sysctls, checks and memoryMiB, each of them optional.',
    empty: { value: {} },
  });
}
