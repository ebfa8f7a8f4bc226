import { dirname, resolve } from 'node:path';
import { changedDebs } from './lock/local-debs.ts';
import type { Lock } from './lock/lock.ts';
import { questionOf, staleness } from './lock/lock-question.ts';
import type { Plan } from './plan/plan.ts';

/** What the spec, or a .deb that it names, has otherwise than the lock was asked; nothing if the lock answers it. */
export async function stalenessOf(lock: Lock, plan: Plan, specFile: string): Promise<string[]> {
  const folder = dirname(resolve(specFile));
  return [...staleness(lock, questionOf(plan, folder)), ...(await changedDebs(lock, plan, folder))];
}
