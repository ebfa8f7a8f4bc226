import type { Role } from '../../inputs/plan/plan.ts';
import type { TargetName } from '../../inputs/targets/all-targets.ts';

/** A digest in hexadecimal, in in-toto's format (DigestSet). */
interface Digest {
  readonly sha256: string;
}

/** An input of a bake (in-toto v1, ResourceDescriptor). */
export interface Dependency {
  readonly uri?: string;
  readonly name?: string;
  readonly digest: Digest;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** made: by this bake; cached: taken from a cache; idle: not needed, because its result already existed. */
export type StageOrigin = 'made' | 'cached' | 'idle';

/**
 * The content of the provenance of one version. Digests are SHA-256 in hexadecimal, times are milliseconds since 1970.
 */
export interface BakeFacts {
  readonly role: Role;
  /** Path of each file of the version → its digest. */
  readonly files: ReadonlyMap<string, string>;
  readonly specSha256: string;
  readonly lockSha256: string;
  readonly targets: readonly TargetName[];
  readonly compressionLevel: number;
  /** Each stage ("tree master") → the digest of its inputs, and how this bake got its result. */
  readonly stages: Readonly<Record<string, { readonly key: string; readonly was: StageOrigin }>>;
  readonly dependencies: readonly Dependency[];
  /** Digest of ingot's own code. */
  readonly codeSha256: string;
  /** ingot, Node.js and the Debian packages of the programs → version. */
  readonly versions: Readonly<Record<string, string>>;
  readonly run: string;
  readonly begun: number;
  readonly ended: number;
}

/** Path of the provenance in a version's folder. */
export const provenanceName = 'provenance.json';

/** docs/provenance.md explains these names. */
const page = 'urn:ingot:docs:provenance.md';

const bytewise = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  Buffer.compare(Buffer.from(a), Buffer.from(b));

/**
 * Writes the provenance of a version: an in-toto statement (v1) with the predicate of SLSA (provenance v1). It contains
 * no host name, no path of a host, and no value of the spec.
 */
export function provenanceText(facts: BakeFacts): string {
  const { run, begun, ended, targets, compressionLevel, stages, versions } = facts;
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [...facts.files].sort(bytewise).map(([name, sha256]) => ({ name, digest: { sha256 } })),
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: `${page}#bake-v1`,
        externalParameters: {
          role: facts.role,
          spec: { digest: { sha256: facts.specSha256 } },
          lock: { digest: { sha256: facts.lockSha256 } },
          targets,
          compressionLevel,
        },
        internalParameters: { stages },
        resolvedDependencies: facts.dependencies,
      },
      runDetails: {
        builder: {
          id: `${page}#builder`,
          builderDependencies: [{ name: 'ingot', digest: { sha256: facts.codeSha256 } }],
          version: versions,
        },
        metadata: {
          invocationId: run,
          startedOn: new Date(begun).toISOString(),
          finishedOn: new Date(ended).toISOString(),
        },
      },
    },
  };
  return `${JSON.stringify(statement, null, 1)}\n`;
}
