import type { Host } from '../host/host.ts';
import { IngotError } from '../host/ingot-error.ts';
import type { AptSource } from '../inputs/plan/plan.ts';
import type { Credentials } from '../inputs/url/credentials.ts';

/** What is checked, in the order in which it is shown. */
export const checkNames = [
  'system',
  'programs',
  'space',
  'memory',
  'accelerator',
  'network',
  'apt',
  'clock',
  'runs',
  'ports',
] as const;

export type CheckName = (typeof checkNames)[number];

/** ok; a warning: a bake works, but slowly or only in part; a problem: a bake would fail. */
export type FindingState = 'ok' | 'warning' | 'problem';

/** What mends a finding. */
export interface Remedy {
  /** A command that a person can type, or what to do where no command does it. */
  readonly command: string;
  /** What `--fix` does; only for what is safe: it changes neither trust nor settings, and ends nothing that works. */
  readonly fix?: (host: Host) => Promise<void>;
}

/** One result of a check. */
export interface Finding {
  readonly check: CheckName;
  readonly state: FindingState;
  /** In one line, without a full stop. */
  readonly text: string;
  readonly remedy?: Remedy | undefined;
}

/** What the checks look at. */
export interface DoctorScope {
  /** Absolute paths of the store, the pool and the cache; they may not exist yet. */
  readonly out: string;
  readonly pool: string;
  readonly cache: string;
  /** The value of INGOT_ACCEL. */
  readonly accelerator: string | undefined;
  readonly suite: string;
  readonly architecture: string;
  /** The sources of a spec, and the logins for them; undefined: the sources of this host. */
  readonly ofSpec?: {
    readonly sources: readonly AptSource[];
    readonly credentials: readonly Credentials[];
  };
  /** false: the network is not used. */
  readonly network: boolean;
  readonly signal: AbortSignal;
}

/** A part of the examination of a host. */
export type HostCheck = (host: Host, scope: DoctorScope) => Promise<readonly Finding[]>;

/** Returns a finding without a remedy. */
export const ok = (check: CheckName, text: string): Finding => ({ check, state: 'ok', text });

/** Returns a finding with what mends it. */
export function found(
  check: CheckName,
  state: 'warning' | 'problem',
  text: string,
  remedy?: Remedy | string,
): Finding {
  const mended = typeof remedy === 'string' ? { command: remedy } : remedy;
  return { check, state, text, ...(mended === undefined ? {} : { remedy: mended }) };
}

/**
 * Returns an error that a bake would end with as a problem of this host.
 * @throws anything that is not an IngotError
 */
export function fromError(check: CheckName, error: unknown): Finding {
  if (!(error instanceof IngotError)) throw error;
  const text = [error.message, ...error.excerpt].map((line) => line.trim()).join(' ');
  return found(check, 'problem', text, error.hint?.split('\n')[0]);
}
