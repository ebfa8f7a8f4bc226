import { IngotError } from '../errors/ingot-error.ts';
import { allDrills } from './all-drills.ts';
import type { ClusterSize, Drill } from './drill.ts';

export interface ChosenDrills {
  readonly drills: readonly Drill[];
  /** Those that a cluster of this size cannot do, with the reason. */
  readonly skipped: readonly { readonly drill: Drill; readonly why: string }[];
}

/**
 * The drills of a rehearsal in their order. The first is always the rise, without which there is no cluster.
 * @param names as the user wrote them; undefined: all, or the quick ones
 * @throws IngotError wrong-input for a name that no drill has, or one that a cluster of this size cannot do
 */
export function chooseDrills(
  names: readonly string[] | undefined,
  quick: boolean,
  size: ClusterSize,
): ChosenDrills {
  const known = allDrills.map(({ name }) => name);
  const unknown = names?.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new IngotError({
      code: 'wrong-input',
      message: `there is no drill "${unknown}"`,
      hint: `there are: ${known.join(', ')}`,
    });
  const wanted = allDrills.filter((drill, index) => {
    if (index === 0) return true;
    return names === undefined ? !quick || drill.quick : names.includes(drill.name);
  });
  const skipped = wanted.flatMap((drill) => {
    const why = drill.cannot?.(size);
    return why === undefined ? [] : [{ drill, why }];
  });
  const [first] = skipped;
  if (names !== undefined && first !== undefined)
    throw new IngotError({
      code: 'wrong-input',
      message: `the drill ${first.drill.name} cannot be done: ${first.why}`,
      hint: 'give the cluster more nodes with --masters and --slaves, or leave the drill away',
    });
  return { drills: wanted.filter((drill) => !skipped.some((one) => one.drill === drill)), skipped };
}
