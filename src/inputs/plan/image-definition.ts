import { z } from 'zod';
import { checksSchema } from '../cluster-spec/check-schema.ts';
import { kernelArguments, modules, packageNames, sysctls, unitName } from '../cluster-spec/fields.ts';
import { setuidPrograms } from '../cluster-spec/setuid-schema.ts';
import { parseYaml } from '../yaml/parse-yaml.ts';

const imageSchema = z.strictObject({
  packages: packageNames.default([]),
  unitsOn: z.array(unitName).default([]).meta({ description: 'units that start at boot' }),
  unitsMasked: z.array(unitName).default([]).meta({ description: 'units that never start' }),
  kernelArguments: kernelArguments.default([]),
  modules: modules.default([]),
  sysctls: sysctls.default({}),
  setuid: setuidPrograms,
  checks: checksSchema,
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
 * @param code of the error: wrong-layer for a layer of the site
 * @throws IngotError wrong-images that shows every error with file, line, column and what would be right
 */
export function parseImageDefinition(
  text: string,
  fileName: string,
  code: 'wrong-images' | 'wrong-layer' = 'wrong-images',
): ImageDefinition {
  return parseYaml({
    code,
    text,
    fileName,
    schema: imageSchema,
    hint: 'An image.yaml has packages, unitsOn, unitsMasked, kernelArguments, modules, sysctls, setuid, checks and memoryMiB, each of them optional.',
    empty: { value: {} },
  });
}
