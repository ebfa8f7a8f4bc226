import { exitCodes } from '../../host/ingot-error.ts';
import { checkMaterials } from '../../inputs/check-materials.ts';
import { describePlan } from '../../inputs/plan/describe-plan.ts';
import { readPlan } from '../../inputs/read-plan.ts';
import type { checkShape } from '../shapes/plan-shape.ts';
import { jsonText } from '../shared/json-text.ts';
import { poolOf } from '../shared/pool-of.ts';
import type { World } from '../world.ts';
import type { CheckInput } from './options.ts';
import { planSummary } from './text.ts';

/**
 * ingot check: prints what would be baked.
 * @throws IngotError wrong-spec with every error of the spec
 */
export async function check(world: World, { spec, json, verbose }: CheckInput): Promise<number> {
  const { plan } = await readPlan(world.host, spec, { pool: () => poolOf(world, undefined) });
  await checkMaterials(world.host, spec, plan);
  if (json) world.out(jsonText<typeof checkShape>({ schema: 1, ...plan }));
  else world.out(verbose ? describePlan(plan) : planSummary(plan));
  return exitCodes.done;
}
