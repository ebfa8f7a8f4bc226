import type { Lock } from './lock.ts';

/** Where all packages come from. */
export interface LockAndPool {
  readonly lock: Lock;
  /** Absolute. */
  readonly pool: string;
}
