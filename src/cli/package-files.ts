import { specJsonSchema } from '../inputs/cluster-spec/json-schema.ts';
import { bashScript } from './completion/bash-script.ts';
import { fishScript } from './completion/fish-script.ts';
import { zshScript } from './completion/zsh-script.ts';
import { type Edition, manualPages } from './man/manual.ts';
import type { AnyCommand } from './record/command-record.ts';
import { usagesOf } from './record/usage.ts';
import { allShapes, shapeJsonSchema, shapeNumber } from './shapes/all-shapes.ts';

const jsonFile = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

/**
 * The files of ingot's packages that the build makes from the records of the commands.
 * @returns texts by their path in ingot's folder
 */
export async function packageFiles(
  records: readonly AnyCommand[],
  edition: Edition,
): Promise<ReadonlyMap<string, string>> {
  const usages = usagesOf(records);
  const pages = await manualPages(usages, edition);
  return new Map([
    ...pages.map(({ file, text }) => [`man/${file}`, text] as const),
    ['schemas/cluster.schema.json', jsonFile(specJsonSchema())],
    ...Object.entries(allShapes).map(
      ([name, shape]) =>
        [
          `schemas/${name}-${shapeNumber(shape)}.schema.json`,
          jsonFile(shapeJsonSchema(name, shape)),
        ] as const,
    ),
    // By the names under which the shells look for them.
    ['completions/bash/ingot', bashScript(usages)],
    ['completions/zsh/_ingot', zshScript(usages)],
    ['completions/fish/ingot.fish', fishScript(usages)],
  ]);
}
