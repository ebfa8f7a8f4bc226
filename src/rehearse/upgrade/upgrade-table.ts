import type { UpgradeMeasure } from './measure/measure-upgrade.ts';

const s = (seconds: number): string => seconds.toFixed(1);

/** The steps of an upgrade with their times, then its gaps and tasks, as text for people. */
export function upgradeTable({ steps, leaderless, tasks, seconds }: UpgradeMeasure): string {
  const nodes = steps.map((step) => step.nodes.join(', '));
  const width = Math.max(5, ...nodes.map((text) => text.length));
  const rows = steps.flatMap(({ kind, at, seconds: took, parts, saw }, index) => [
    `${s(at).padStart(8)}  ${s(took).padStart(8)}  ${kind.padEnd(9)}  ${(nodes[index] ?? '').padEnd(width)}  ${parts
      .map((part) => `${part.what} ${s(part.seconds)}`)
      .join(', ')}`,
    ...(kind === 'fall-back' ? [`${' '.repeat(20)}${saw}`] : []),
  ]);
  const gaps = leaderless.gaps.map(
    (gap) => `no master led for ${s(gap.seconds)} s, from second ${s(gap.at)}`,
  );
  const moves = tasks.moved.map(
    ({ task, from, to, at, seconds: gap }) =>
      `${task}: ended on ${from} in second ${s(at)}, another runs on ${to} ${s(gap)} s later`,
  );
  const lost = tasks.lost.map(({ task, node }) => `${task} of ${node} was lost`);
  return [
    `   begun   seconds  step       ${'nodes'.padEnd(width)}  parts, seconds`,
    ...rows,
    `the upgrade took ${s(seconds)} s`,
    ...(gaps.length === 0 ? ['a master led all the while'] : gaps),
    ...moves,
    ...lost,
    ...(tasks.wanted === 0
      ? []
      : [
          tasks.short.seconds === 0
            ? `all ${tasks.wanted} tasks ran all the while`
            : `fewer than ${tasks.wanted} tasks ran for ${s(tasks.short.seconds)} s at most, ${tasks.short.fewest} at the fewest`,
        ]),
    '',
  ].join('\n');
}
