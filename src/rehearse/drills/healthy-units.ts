import { checksScript, readAnswer } from '../../boot-test/checks-script.ts';
import type { Cluster } from '../cluster.ts';
import { drillFailure } from '../drill-failure.ts';
import type { RehearsedPlace } from '../place.ts';

/** The same checks as in a boot test and in an update's trial, so that health has one definition, on the node. */
const run = '/usr/lib/ingot/check/system-running --journal && /usr/lib/ingot/check/units-active --journal';
const mark = 'ingot-units';
const withinSeconds = 120;

/**
 * Requires that no unit of the nodes has failed, all enabled units are active, and no service restarts repeatedly.
 * @throws IngotError node-failed with the first problem that a node reports
 */
export async function requireHealthyUnits(
  cluster: Cluster,
  places: readonly RehearsedPlace[],
): Promise<void> {
  const limitSeconds = cluster.limit(withinSeconds);
  const check = { name: 'units', run, within: withinSeconds };
  const script = `(\n${checksScript([{ check, limitSeconds }], mark)}\n) || :\n`;
  await Promise.all(
    places.map(async ({ name }) => {
      const lines = (await cluster.run(name, script)).trimEnd().split('\n');
      const last = lines.findIndex((line) => ['failed', 'final'].includes(readAnswer(line, mark) ?? ''));
      if (last !== -1) throw drillFailure(`${name}: ${lines[last - 1] ?? ''}`, lines.slice(0, last - 1));
    }),
  );
}
