import { IngotError } from '../host/ingot-error.ts';
import { registryPlaces } from './oci/place.ts';
import type { Place } from './place.ts';

/** Every kind of place. Each loads its work only when it is used. */
export const places: readonly Place[] = [...registryPlaces];

/** What an address begins with, without `://`; '' for a path. */
function schemeOf(to: string): string {
  return /^([a-z][a-z0-9+.-]*):\/\//.exec(to)?.[1] ?? '';
}

/**
 * The kind of place of an address.
 * @param known for tests
 * @throws IngotError wrong-usage for an address of no kind
 */
export function placeOf(to: string, known: readonly Place[] = places): Place {
  const scheme = schemeOf(to);
  const place = known.find((one) => one.scheme === scheme);
  if (place !== undefined) return place;
  throw new IngotError({
    code: 'wrong-usage',
    message: `${to} is not a place that versions are published to`,
    hint: `name one such as ${known.map(({ example }) => example).join(', ')}`,
  });
}
