import { IngotError } from '../host/ingot-error.ts';

/**
 * Creates the error for a folder that was named as a version but is not one.
 * @param folder as the user knows it
 * @param why what is wrong, e.g. "it has no manifest.json"
 */
export function notAVersion(folder: string, why: string): IngotError {
  return new IngotError({
    code: 'not-a-version',
    message: `${folder} is not a version that ingot wrote: ${why}`,
    hint: 'name the folder of a version, e.g. out/slave/latest; ingot verify DIR --key PUB finds damage',
  });
}
