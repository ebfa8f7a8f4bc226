/** Key of a stage → its durations in seconds in the last runs, oldest first. The order of the keys is that of use. */
export type StageHistory = Readonly<Record<string, readonly number[]>>;

const keptRuns = 5;
const keptKeys = 2000;
const workMark = ' = ';

/**
 * The key of a stage: its path, and what is made in it, because a stage takes longer when less comes from the cache.
 * @param work the parts that it makes, in any order; empty where that makes no difference
 */
export function historyKey(path: readonly string[], work: readonly string[] = []): string {
  const name = path.join(' / ');
  return work.length === 0 ? name : `${name}${workMark}${[...work].sort().join(', ')}`;
}

function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? sorted[middle]
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2 || undefined;
}

/**
 * How long a stage is expected to take: the median of its last runs with the same work; else that of its latest run with
 * other work; undefined if it never ran.
 */
export function expectedSeconds(
  history: StageHistory,
  path: readonly string[],
  work: readonly string[] = [],
): number | undefined {
  const name = historyKey(path);
  const known = history[historyKey(path, work)];
  if (known !== undefined) return median(known);
  const other = Object.keys(history).findLast((key) => key === name || key.startsWith(name + workMark));
  return other === undefined ? undefined : median(history[other] ?? []);
}

/** The history with the durations of one more run. */
export function withRun(history: StageHistory, run: ReadonlyMap<string, number>): StageHistory {
  const next = new Map(Object.entries(history));
  for (const [key, seconds] of run) {
    const before = next.get(key) ?? [];
    next.delete(key);
    next.set(key, [...before, Math.round(seconds * 10) / 10].slice(-keptRuns));
  }
  return Object.fromEntries([...next].slice(-keptKeys));
}
