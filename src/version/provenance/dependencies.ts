import type { Lock } from '../../inputs/lock/lock.ts';
import { placedSha256 } from '../../inputs/plan/placed-digest.ts';
import type { FetchedLayer, PlacedFile } from '../../inputs/plan/plan.ts';
import type { ListedPackage } from '../sbom/listed-packages.ts';
import type { Dependency } from './statement.ts';

export interface DependencyFacts {
  /** images/ and templates/ → the digest of their content. */
  readonly folders: Readonly<Record<string, string>>;
  /** What is installed on the node in addition to images/. */
  readonly files: readonly PlacedFile[];
  readonly sources: Lock['sources'];
  /** The layers of the site that were fetched. */
  readonly layers?: readonly FetchedLayer[];
  readonly packages: readonly ListedPackage[];
}

/** A layer by its commit or archive, not by its address: a provenance names no host. */
function layerDependency({ name, ref, commit, sha256, folder, tree }: FetchedLayer): Dependency {
  const optional = { ref, commit, archive: sha256, folder };
  const given = Object.entries(optional).filter((one): one is [string, string] => one[1] !== undefined);
  return {
    ...{ name: `files of the layer ${name}`, digest: { sha256: tree } },
    annotations: Object.fromEntries(given),
  };
}

/**
 * What a version was made from: ingot's own data, files, the releases of the sources at the time they were read, and
 * every package.
 */
export function dependenciesOf({
  folders,
  files,
  sources,
  packages,
  layers = [],
}: DependencyFacts): Dependency[] {
  return [
    ...Object.entries(folders).map(([name, sha256]) => ({ name, digest: { sha256 } })),
    ...layers.map(layerDependency),
    ...files.map((file) => ({
      name: `file ${file.path}`,
      digest: { sha256: placedSha256(file) },
    })),
    ...sources.map(({ name, suite, release: { date, sha256, keys, validUntil } }) => ({
      name: `release of ${name}`,
      digest: { sha256 },
      annotations: {
        ...{ suite, date, signedBy: keys.join(' ') },
        ...(validUntil === undefined ? {} : { validUntil }),
      },
    })),
    ...packages.map(({ purl, sha256 }) => ({ uri: purl, digest: { sha256 } })),
  ];
}
