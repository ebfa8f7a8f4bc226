import type { Lock } from './lock.ts';

/** The source of all packages. */
export interface LockAndPool {
  readonly lock: Lock;
  /** Absolute. */
  readonly pool: string;
}
