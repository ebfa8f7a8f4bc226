import { dirname, resolve } from 'node:path';
import { changedDebs } from './lock/local-debs.ts';
import type { Lock } from './lock/lock.ts';
import { requirementsOf, staleness } from './lock/lock-requirements.ts';
import type { Plan } from './plan/plan.ts';

/**
 * Returns how the spec, or a .deb that it names, differs from what the lock was made for; an empty list if the lock is
 * up to date.
 */
export async function stalenessOf(lock: Lock, plan: Plan, specFile: string): Promise<string[]> {
  const folder = dirname(resolve(specFile));
  return [...staleness(lock, requirementsOf(plan, folder)), ...(await changedDebs(lock, plan, folder))];
}
