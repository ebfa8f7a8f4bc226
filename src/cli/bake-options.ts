import type { Role } from '../inputs/plan/plan.ts';
import type { CacheOptions } from './cache-of.ts';

/** What the command line says of a bake. */
export interface BakeOptions extends CacheOptions {
  readonly spec: string;
  readonly out: string;
  readonly role: Role | undefined;
  readonly quiet: boolean;
  readonly pool: string | undefined;
  /** The pool alone, never the network. */
  readonly offline: boolean;
  /** From a lock that is there, for an example too. */
  readonly locked: boolean;
  /** Compress the roots as for a release. */
  readonly release: boolean;
  /** File of the private key to sign with; without it the environment may hold one. */
  readonly sign: string | undefined;
  /** File of the private key that signs the seed of the proof; by default the key that signs the versions. */
  readonly seedKey: string | undefined;
  /** Only say what would be done. */
  readonly explain: boolean;
  /** With explain: as JSON. */
  readonly json: boolean;
}
