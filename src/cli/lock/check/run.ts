import { exitCodes } from '../../../host/ingot-error.ts';
import { parseSpec } from '../../../inputs/cluster-spec/parse-spec.ts';
import { layerStaleness } from '../../../inputs/fetched-layers/locked-layers.ts';
import { loadSpec } from '../../../inputs/load-spec.ts';
import type { Lock } from '../../../inputs/lock/lock.ts';
import { lockFileOf, readLock } from '../../../inputs/lock-file-of.ts';
import { stalenessOf } from '../../../inputs/lock-staleness.ts';
import { readPlan } from '../../../inputs/read-plan.ts';
import type { lockCheckShape } from '../../shapes/small-shapes.ts';
import { jsonText } from '../../shared/json-text.ts';
import { poolOf } from '../../shared/pool-of.ts';
import type { World } from '../../world.ts';
import type { LockCheckInput } from './options.ts';

async function reasonsOf(world: World, specFile: string, lock: Lock | undefined): Promise<string[]> {
  const loaded = await loadSpec(specFile);
  const spec = parseSpec(loaded.text, specFile, world.host.warn);
  const missing = lock === undefined ? [`${lockFileOf(specFile)} does not exist`] : [];
  // Without the layers that it names, nobody knows what else a spec requires.
  const layers = layerStaleness(spec, loaded.folder, lock);
  if (layers.length > 0) return [...missing, ...layers];
  const { plan } = await readPlan(world.host, specFile, { pool: () => poolOf(world, undefined) });
  return lock === undefined ? missing : await stalenessOf(lock, plan, specFile);
}

/** ingot lock check: prints why the lock does not match the spec; exit status 3 if it does not. */
export async function checkLock(world: World, { spec, json }: LockCheckInput): Promise<number> {
  const found = await readLock(spec);
  const reasons = await reasonsOf(world, spec, found);
  const upToDate = reasons.length === 0;
  if (json) world.out(jsonText<typeof lockCheckShape>({ schema: 1, upToDate, reasons }));
  else for (const reason of reasons) world.out(`${reason}\n`);
  return upToDate ? exitCodes.done : exitCodes.difference;
}
