/** The limits of a container as the kernel reports them; null if the file does not exist. */
export interface ActualLimits {
  /** memory.limit_in_bytes, or memory.max. */
  readonly memory: string | null;
  /** cpu.shares (cgroup v1). */
  readonly cpuShares: string | null;
  /** cpu.weight (v2). */
  readonly cpuWeight: string | null;
  /** cpu.cfs_quota_us, or cpu.max: quota and period. */
  readonly cpuQuota: string | null;
}

/** The limits that a task requested. */
export interface RequestedLimits {
  readonly cpus: number;
  readonly megabytes: number;
  /** The agent has --cgroups_enable_cfs: cpus are a limit as well, not only a share. */
  readonly quota: boolean;
}

// Before 1.10 an agent adds what an executor of its own would need (src/slave/constants.cpp, DEFAULT_EXECUTOR_CPUS and
// DEFAULT_EXECUTOR_MEM).
const executor = { cpus: 0.1, megabytes: 32 };
const sharesOfOne = 1024;
/** The default weight of a cgroup in systemd and runc. */
const defaultWeight = 100;
const periodUs = 100_000;

const within = (text: string | null, least: number, most: number): boolean =>
  text !== null && /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most;

/** The requested limits that its cgroup (v1 or v2) does not have, as text for people; empty if it has all of them. */
export function unmetLimits(seen: ActualLimits, requested: RequestedLimits): string[] {
  const { cpus, megabytes, quota } = requested;
  const least = megabytes * 2 ** 20;
  const most = (megabytes + executor.megabytes) * 2 ** 20;
  const problems: string[] = [];
  if (!within(seen.memory, least, most))
    problems.push(`its memory is limited to ${seen.memory ?? 'nothing'}, not to ${least} bytes`);
  const shares = Math.floor(sharesOfOne * cpus);
  const maxShares = Math.floor(sharesOfOne * (cpus + executor.cpus));
  if (seen.cpuShares !== null && !within(seen.cpuShares, shares, maxShares))
    problems.push(`its cpu.shares are ${seen.cpuShares}, not ${shares}`);
  if (seen.cpuShares === null && !within(seen.cpuWeight, 1, defaultWeight - 1))
    problems.push(
      `its cpu.weight is ${seen.cpuWeight ?? 'missing'}, as if it had asked for a whole processor`,
    );
  const [given = ''] = (seen.cpuQuota ?? '').split(' ');
  if (quota && !within(given, periodUs * cpus, periodUs * (cpus + executor.cpus)))
    problems.push(
      `its quota of the processor is ${given || 'missing'}, not ${periodUs * cpus} of ${periodUs} µs`,
    );
  return problems;
}
