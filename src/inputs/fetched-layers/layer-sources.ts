import { resolve } from 'node:path';
import type { FetchedSource, SpecLayer } from '../cluster-spec/layers-schema.ts';
import type { Spec } from '../cluster-spec/schema.ts';
import { originOf } from '../lock/lock-requirements.ts';
import type { LayerOrigin } from '../plan/plan.ts';
import { isUrl, withoutUser } from '../url/canonical-url.ts';

/** A layer of the spec that has to be fetched. */
export interface LayerSource {
  /** Its position in `layers` of the spec. */
  readonly at: number;
  readonly origin: LayerOrigin;
  /** Where it is fetched from: a URL with its credentials, or an absolute path. */
  readonly address: string;
}

/** Returns a URL without secrets, which may also be in its query; the user of an ssh URL is not one. */
function shown(address: string | undefined): string | undefined {
  if (address === undefined || !/^(?:https?|git):/i.test(address)) return address;
  return withoutUser(address).replace(/[?#].*$/s, '');
}

function sourceOf(
  { path, fetched = {} }: SpecLayer & { readonly fetched?: FetchedSource },
  at: number,
  specFolder: string,
): LayerSource {
  const { git, ref, archive, sha256, folder } = fetched;
  const written = git ?? archive ?? '';
  return {
    at,
    origin: originOf({ name: path, git: shown(git), ref, archive: shown(archive), sha256, folder }),
    address: isUrl(written) ? written : resolve(specFolder, written),
  };
}

/**
 * Returns the layers of a spec that come from git or an archive, in their order.
 * @param specFolder absolute
 */
export function layerSources({ layers }: Spec, specFolder: string): LayerSource[] {
  return layers.flatMap((layer, at) =>
    layer.fetched === undefined ? [] : [sourceOf(layer, at, specFolder)],
  );
}
