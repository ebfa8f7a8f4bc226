import { IngotError } from '../host/ingot-error.ts';
import type { ChosenDrills } from './choose-drills.ts';
import type { Cluster } from './cluster.ts';
import type { Drill, DrillResult } from './drill.ts';

/** The outcome of one drill. */
export interface DrillOutcome {
  readonly name: string;
  readonly result: 'passed' | 'failed' | 'skipped' | 'not run';
  readonly seconds: number;
  /** Milliseconds since 1970; missing if it did not run. */
  readonly begunAt?: number;
  /** The observed result; or the reason why it failed or was skipped. */
  readonly saw: string;
  readonly table?: string;
}

/** Shows a drill while it runs. Returns and throws what the work does. */
export type ShowDrill = <T>(name: string, work: () => Promise<T>) => Promise<T>;

const outcomeOf = (
  drill: Drill,
  when: Pick<DrillOutcome, 'seconds' | 'begunAt'>,
  { saw, table }: DrillResult,
): DrillOutcome => ({
  name: drill.name,
  result: 'passed',
  ...when,
  saw,
  ...(table === undefined ? {} : { table }),
});

const withoutRun = ({ name }: Drill, result: 'skipped' | 'not run', saw: string): DrillOutcome => ({
  name,
  result,
  seconds: 0,
  saw,
});

/**
 * Runs drills one after another until one fails, because after a failure the state of the cluster is unknown.
 * @throws any error that is not the failure of a drill
 */
export async function runDrills(
  cluster: Cluster,
  { drills, skipped }: ChosenDrills,
  show: ShowDrill,
): Promise<DrillOutcome[]> {
  const outcomes: DrillOutcome[] = [];
  let failed: string | undefined;
  for (const drill of drills) {
    if (failed !== undefined) {
      outcomes.push(withoutRun(drill, 'not run', `${failed} failed before`));
      continue;
    }
    const begun = cluster.now();
    const when = () => ({ seconds: (cluster.now() - begun) / 1000, begunAt: begun });
    try {
      const result = await show(drill.name, () => drill.run(cluster));
      outcomes.push(outcomeOf(drill, when(), result));
    } catch (error) {
      if (!(error instanceof IngotError) || error.code !== 'node-failed') throw error;
      failed = drill.name;
      outcomes.push({
        name: drill.name,
        result: 'failed',
        ...when(),
        saw: [error.message, ...error.excerpt].join('\n'),
      });
    }
  }
  return [...outcomes, ...skipped.map(({ drill, why }) => withoutRun(drill, 'skipped', why))];
}
