import { basename } from 'node:path';
import type { Host } from '../../host/host.ts';
import { cleanUpRuns, type RunStates, runStates } from '../../store/run-folder.ts';
import { type Finding, found, type HostCheck, ok } from '../finding.ts';

/**
 * Returns what bakes have left in a store.
 * @param fix removes what killed bakes left
 */
export function judgeRuns(
  { abandoned, living, left }: RunStates,
  fix: (host: Host) => Promise<void>,
): Finding[] {
  const findings: Finding[] = [
    ...abandoned.map((run) =>
      found('runs', 'warning', `the bake of ${basename(run)} was killed, and left its trees in ${run}`, {
        command: 'ingot doctor --fix, or the next bake, removes them and keeps the logs',
        fix,
      }),
    ),
    ...living.map((run) => ok('runs', `a bake is running: ${run}`)),
    ...left.map((line) => found('runs', 'warning', line, 'look at it, and remove it if it is not needed')),
  ];
  return findings.length === 0 ? [ok('runs', 'no bake has left anything')] : findings;
}

/** What killed bakes have left in the store. */
export const checkRuns: HostCheck = async (_, { out }) =>
  judgeRuns(await runStates(out), async (host) => {
    await cleanUpRuns(host, out);
  });
