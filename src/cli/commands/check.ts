import { exitCodes } from '../../host/ingot-error.ts';
import { checkMaterials } from '../../inputs/check-materials.ts';
import { describePlan } from '../../inputs/plan/describe-plan.ts';
import { readPlan } from '../../inputs/read-plan.ts';
import type { World } from '../world.ts';

/** ingot check: says what would be baked; throws an IngotError with every error of the spec. */
export async function check(world: World, options: { spec: string; json: boolean }): Promise<number> {
  const { plan } = await readPlan(world.host, options.spec);
  await checkMaterials(world.host, options.spec, plan);
  world.out(options.json ? `${JSON.stringify(plan, null, 2)}\n` : describePlan(plan));
  return exitCodes.done;
}
