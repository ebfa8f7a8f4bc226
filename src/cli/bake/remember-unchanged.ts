import type { CheckedBake } from '../../bake/unchanged/bake-inputs.ts';
import { writeUnchanged } from '../../bake/unchanged/write-unchanged.ts';
import type { World } from '../world.ts';

/** Records a bake that had nothing to do, so that the next one is answered before most of ingot is loaded. */
export async function rememberUnchanged(
  { args, cwd, env }: World,
  bake: CheckedBake,
  found: Parameters<typeof writeUnchanged>[2],
): Promise<void> {
  // As a part of another command, a bake has options that the command line does not show.
  if (args?.[0] !== 'bake') return;
  // Without a record, the next bake only takes longer.
  await writeUnchanged(bake, { args, cwd, env }, found).catch(() => undefined);
}
