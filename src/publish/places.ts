import { IngotError } from '../host/ingot-error.ts';
import { filePlaces } from './file-places.ts';
import { registryPlaces } from './oci/place.ts';
import type { Place } from './place.ts';
import { isHostPath } from './rsync/destination.ts';

/** Every kind of place. Each loads its work only when it is used. */
export const places: readonly Place[] = [...registryPlaces, ...filePlaces];

/** What an address begins with, without `://`; 'rsync' for HOST:PATH, as for rsync(1), and '' for a path. */
function schemeOf(to: string): string {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//.exec(to)?.[1];
  return scheme ?? (isHostPath(to) ? 'rsync' : '');
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
