import { IngotError } from '../host/ingot-error.ts';
import { allDrills } from './all-drills.ts';
import type { ClusterProperties, Drill } from './drill.ts';

export interface ChosenDrills {
  readonly drills: readonly Drill[];
  /** Drills that this cluster cannot do, with the reason. */
  readonly skipped: readonly { readonly drill: Drill; readonly why: string }[];
}

/**
 * The drills of a rehearsal in their order. The first is always the rise, because without it there is no cluster.
 * @param names as the user wrote them; undefined: all drills, or the quick ones
 * @throws IngotError wrong-usage for a name that is not a drill, or a drill that this cluster cannot do
 */
export function chooseDrills(
  names: readonly string[] | undefined,
  quick: boolean,
  ground: ClusterProperties,
): ChosenDrills {
  const known = allDrills.map(({ name }) => name);
  const unknown = names?.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new IngotError({
      code: 'wrong-usage',
      message: `there is no drill "${unknown}"`,
      hint: `there are: ${known.join(', ')}`,
    });
  const wanted = allDrills.filter((drill, index) => {
    if (index === 0) return true;
    return names === undefined ? !quick || drill.quick : names.includes(drill.name);
  });
  const skipped = wanted.flatMap((drill) => {
    const why = drill.cannot?.(ground);
    return why === undefined ? [] : [{ drill, why }];
  });
  const [first] = skipped;
  if (names !== undefined && first !== undefined)
    throw new IngotError({
      code: 'wrong-usage',
      message: `the drill ${first.drill.name} cannot be done: ${first.why}`,
      hint: 'leave the drill out, or rehearse a cluster that has what it needs: --masters and --slaves give more nodes',
    });
  return { drills: wanted.filter((drill) => !skipped.some((one) => one.drill === drill)), skipped };
}
