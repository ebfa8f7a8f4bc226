import { registrySchemes } from '../../oci/address.ts';
import type { Place } from '../place.ts';

const registryPlace = (scheme: string): Place => ({
  scheme,
  example: `${scheme}://registry.example/ingot/demo:stable`,
  publish: async (host, request) => (await import('./publish-registry.ts')).publishToRegistry(host, request),
});

/** Registries, encrypted or not. */
export const registryPlaces: readonly Place[] = Object.values(registrySchemes).map(registryPlace);
