/** What of a spec and of a node's configuration belongs to a scheduler: the framework on the masters that starts tasks. */
interface SchedulerFacts {
  /** How people call it. */
  readonly title: string;
  /** The name of its Debian package. */
  readonly package: string;
  /** Files that the node writes for it, from the seed and its own address (`files` in its cluster_scheduler.py). */
  readonly derived: readonly string[];
}

/**
 * The schedulers that a cluster can have. From here come the values of `scheduler`, the section of the spec that says where the package
 * comes from (under the scheduler's name), and the secret that it logs in with (seed.secrets, under its name). What its images are is in
 * the layer images/schedulers/<name>; docs/images.md says how to add one.
 */
export const schedulers = {
  marathon: { title: 'Marathon', package: 'marathon', derived: ['/etc/default/marathon'] },
} as const satisfies Record<string, SchedulerFacts>;

export type SchedulerName = keyof typeof schedulers;
/** Of a cluster: the scheduler that it has, or that it has none. */
export type Scheduler = SchedulerName | 'none';

export const schedulerNames = Object.keys(schedulers) as SchedulerName[];
/** Everything that `scheduler` of a spec may say. */
export const allSchedulers: readonly Scheduler[] = [...schedulerNames, 'none'];

/** What a cluster has whose spec does not say it. */
export const usualScheduler: Scheduler = 'marathon';

/** One value for each scheduler, under its name. */
export function forEachScheduler<T>(make: (facts: SchedulerFacts) => T): Record<SchedulerName, T> {
  return Object.fromEntries(schedulerNames.map((name) => [name, make(schedulers[name])])) as Record<
    SchedulerName,
    T
  >;
}
