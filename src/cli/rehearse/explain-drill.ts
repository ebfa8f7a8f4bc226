import { noteStages, withLogs } from '../../host/failure-notes.ts';
import { IngotError } from '../../host/ingot-error.ts';
import type { DrillOutcome } from '../../rehearse/run-drills.ts';
import { explainFailure } from '../explain-failure.ts';
import type { World } from '../world.ts';
import type { RehearseInput } from './options.ts';

/**
 * The text of a failed drill for stderr, like that of a failed command: what it saw, the likely cause, the command that
 * runs only this drill, and where the logs are.
 * @param logs absolute folder of the rehearsal's logs
 */
export function explainDrill(
  world: World,
  options: RehearseInput,
  { name, saw }: DrillOutcome,
  logs: string,
): Promise<string> {
  const [first = '', ...excerpt] = saw.split('\n');
  const error = new IngotError({ code: 'node-failed', message: `drill ${name} failed: ${first}`, excerpt });
  noteStages(error, ['rehearse', name]);
  const { spec, out, from, to } = options;
  const args = [
    'rehearse',
    ...(spec === undefined ? [] : [spec]),
    ...(out === 'out' ? [] : ['--out', out]),
    ...(from === undefined ? [] : ['--from', from]),
    ...(to === undefined ? [] : ['--to', to]),
  ];
  const colour = world.stream.isTTY && world.env['NO_COLOR'] === undefined;
  return explainFailure(
    world,
    { name: 'rehearse', args, input: { ...options } },
    { error, thrown: withLogs(error, logs), colour },
  );
}
