/** One measurement of one run. */
export interface Sample {
  /** In the unit of its series. */
  readonly value: number;
  /** User and system time of the process and all that it waited for; of a server and its workers, while they served. */
  readonly cpuSeconds?: number;
  /** The most memory that the Node process held, in MiB (VmHWM, proc(5)). */
  readonly nodeMiB?: number;
  /** The most memory that any one process held, in MiB (ru_maxrss, getrusage(2)). */
  readonly largestMiB?: number;
}

/** The runs of one thing. */
export interface Series {
  readonly label: string;
  readonly unit: 's' | 'MiB' | 'MiB/s';
  readonly samples: readonly Sample[];
  /** The time that it was given was over: what is known is that it takes more. */
  readonly cutOff?: true;
}

/** What a line has to reach. */
export interface Target {
  /** Of what: the ratio's median, or the median of the first series. */
  readonly of: 'ratio' | 'value';
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** One thing divided by another, run by run. */
export interface Ratio {
  /** In words, such as "plain Packer / cold bake". */
  readonly text: string;
  readonly values: readonly number[];
  /** The greater of the two was cut off: the ratio is at least this. */
  readonly cutOff?: true;
}

/** What measuring a line gives. */
export interface Measured {
  readonly series: readonly Series[];
  readonly ratio?: Ratio;
  /** What a reader has to know to judge it, a sentence each. */
  readonly notes?: readonly string[];
}

/** Where something was measured. */
export interface MachineFacts {
  readonly cores: number;
  readonly memoryGiB: number;
  readonly processor: string;
  readonly accelerator: string;
  /** Program → version. */
  readonly versions: Readonly<Record<string, string>>;
}

/** A measured line, as results.json holds it. */
export interface LineResult extends Measured {
  readonly name: string;
  readonly title: string;
  readonly target?: Target;
  /** ISO 8601. */
  readonly at: string;
  readonly machine: MachineFacts;
}

export interface BenchResults {
  readonly version: 1;
  readonly lines: readonly LineResult[];
}
