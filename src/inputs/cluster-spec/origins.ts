import { schedulerNames } from './schedulers.ts';
import type { PackageOrigin, Spec } from './schema.ts';

/**
 * Returns where the packages come from that are not part of the distribution: Mesos, and the scheduler if the cluster
 * has one.
 */
export function packageOrigins(spec: Spec): PackageOrigin[] {
  return [spec.mesos, ...schedulerNames.flatMap((name) => spec[name] ?? [])];
}
