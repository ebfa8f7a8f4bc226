import { exitCodes } from '../../../host/ingot-error.ts';
import { lockFileOf, readLock } from '../../../inputs/lock-file-of.ts';
import { stalenessOf } from '../../../inputs/lock-staleness.ts';
import { readPlan } from '../../../inputs/read-plan.ts';
import type { lockCheckShape } from '../../shapes/small-shapes.ts';
import { jsonText } from '../../shared/json-text.ts';
import type { World } from '../../world.ts';
import type { LockCheckInput } from './options.ts';

/** ingot lock check: prints why the lock does not match the spec; exit status 3 if it does not. */
export async function checkLock(world: World, { spec, json }: LockCheckInput): Promise<number> {
  const { plan } = await readPlan(world.host, spec);
  const found = await readLock(spec);
  const reasons =
    found === undefined ? [`${lockFileOf(spec)} does not exist`] : await stalenessOf(found, plan, spec);
  const upToDate = reasons.length === 0;
  if (json) world.out(jsonText<typeof lockCheckShape>({ schema: 1, upToDate, reasons }));
  else for (const reason of reasons) world.out(`${reason}\n`);
  return upToDate ? exitCodes.done : exitCodes.difference;
}
