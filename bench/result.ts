/** One measurement of one run. */
export interface Sample {
  /** In the unit of its series. */
  readonly value: number;
  /**
   * User and system time of the process and the children that it waited for; for a server and its workers, while they
   * served.
   */
  readonly cpuSeconds?: number;
  /** The peak memory of the Node.js process, in MiB (VmHWM, proc(5)). */
  readonly nodeMiB?: number;
  /** The peak memory of the largest process, in MiB (ru_maxrss, getrusage(2)). */
  readonly largestMiB?: number;
}

/** The runs of one measurement. */
export interface Series {
  readonly label: string;
  readonly unit: 's' | 'MiB' | 'MiB/s';
  readonly samples: readonly Sample[];
  /** The last run was stopped at the time limit: its value is a lower bound. */
  readonly cutOff?: true;
}

/** The target of a line. */
export interface Target {
  /** To what it applies: the median of the ratio, or the median of the first series. */
  readonly of: 'ratio' | 'value';
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** One series divided by another, run by run. */
export interface Ratio {
  /** In words, such as "plain Packer / cold bake". */
  readonly text: string;
  readonly values: readonly number[];
  /** The dividend was cut off: the ratio is a lower bound. */
  readonly cutOff?: true;
}

/** The result of measuring a line. */
export interface Measured {
  readonly series: readonly Series[];
  readonly ratio?: Ratio;
  /** What a reader needs to know to interpret the result, one sentence each. */
  readonly notes?: readonly string[];
}

/** The machine on which a line was measured. */
export interface MachineFacts {
  readonly cores: number;
  readonly memoryGiB: number;
  readonly processor: string;
  readonly accelerator: string;
  /** Program → version. */
  readonly versions: Readonly<Record<string, string>>;
}

/** A measured line, as stored in results.json. */
export interface LineResult extends Measured {
  readonly name: string;
  readonly title: string;
  readonly target?: Target;
  /** The date and time of the measurement, in ISO 8601. */
  readonly at: string;
  readonly machine: MachineFacts;
}

export interface BenchResults {
  readonly version: 1;
  readonly lines: readonly LineResult[];
}
