/**
 * The parts of a spec and of a node's configuration that belong to a scheduler: the framework on the masters that
 * starts tasks.
 */
interface SchedulerFacts {
  /** Its name in text for people. */
  readonly title: string;
  /** The name of its Debian package. */
  readonly package: string;
  /** Files that the node writes for it, from the seed and its own address (`files` in its cluster_scheduler.py). */
  readonly derived: readonly string[];
}

/**
 * The schedulers that a cluster can have. They determine the values of `scheduler`, the section of the spec that says
 * where the package comes from (its key is the scheduler's name), and the secret that the scheduler logs in with
 * (seed.secrets, under its name). The contents of its images are in the layer images/schedulers/<name>; docs/images.md
 * explains how to add one.
 */
export const schedulers = {
  marathon: { title: 'Marathon', package: 'marathon', derived: ['/etc/default/marathon'] },
} as const satisfies Record<string, SchedulerFacts>;

export type SchedulerName = keyof typeof schedulers;
/** The scheduler of a cluster, or `none`. */
export type Scheduler = SchedulerName | 'none';

export const schedulerNames = Object.keys(schedulers) as SchedulerName[];
/** Every value that `scheduler` of a spec may have. */
export const allSchedulers: readonly Scheduler[] = [...schedulerNames, 'none'];

/** The scheduler of a cluster whose spec does not name one. */
export const defaultScheduler: Scheduler = 'marathon';

/** Returns a map with one value for each scheduler, under its name. */
export function forEachScheduler<T>(make: (facts: SchedulerFacts) => T): Record<SchedulerName, T> {
  return Object.fromEntries(schedulerNames.map((name) => [name, make(schedulers[name])])) as Record<
    SchedulerName,
    T
  >;
}
