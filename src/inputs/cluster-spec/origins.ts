import { schedulerNames } from './schedulers.ts';
import type { PackageOrigin, Spec } from './schema.ts';

/** Where the packages come from that are not the distribution's: Mesos, and the scheduler if there is one. */
export function packageOrigins(spec: Spec): PackageOrigin[] {
  return [spec.mesos, ...schedulerNames.flatMap((name) => spec[name] ?? [])];
}
