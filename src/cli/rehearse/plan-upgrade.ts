import { resolve } from 'node:path';
import { IngotError } from '../../host/ingot-error.ts';
import { allRoles } from '../../inputs/plan/plan.ts';
import type { ChosenDrills } from '../../rehearse/choose-drills.ts';
import type { ClusterProperties } from '../../rehearse/drill.ts';
import type { UpgradeMeasure } from '../../rehearse/upgrade/measure/measure-upgrade.ts';
import { upgradeDrills } from '../../rehearse/upgrade/upgrade-drills.ts';
import { marathonTasks } from '../../rehearse/upgrade/workload.ts';
import { latestName } from '../../store/latest-version.ts';
import { type NamedVersions, namedVersions } from '../../store/named-versions.ts';
import { schedulerOfVersion } from '../../version/scheduler-of-version.ts';
import type { World } from '../world.ts';

/** The upgrade that the command line requests. */
export interface UpgradeRequest {
  readonly from: string;
  /** Undefined for the latest. */
  readonly to: string | undefined;
  /** The number of slaves at a time; undefined for a third of them. */
  readonly wave: number | undefined;
  readonly drain: boolean;
  readonly fallBack: boolean;
}

/** An upgrade that is about to be rehearsed. */
export interface PlannedUpgrade {
  readonly from: NamedVersions;
  readonly to: NamedVersions;
  readonly chosen: ChosenDrills;
  /** Path of the URL → absolute folder of each new version. */
  readonly served: ReadonlyMap<string, string>;
  /** The measurements, once the upgrade is finished. */
  readonly measured: () => UpgradeMeasure | undefined;
}

/**
 * Returns the drills of an upgrade, and what they need.
 * @throws IngotError no-image for a version that does not exist, or if nothing would change
 */
export async function planUpgrade(
  { cwd }: World,
  wish: UpgradeRequest,
  store: string,
  ground: Omit<ClusterProperties, 'scheduler'>,
): Promise<PlannedUpgrade> {
  const out = resolve(cwd, store);
  const from = await namedVersions(wish.from, out, cwd);
  const to = await namedVersions(wish.to ?? latestName, out, cwd);
  const roles = allRoles.filter((role) => from[role].version !== to[role].version);
  if (roles.length === 0)
    throw new IngotError({
      code: 'wrong-usage',
      message: `--from and --to are the same versions: ${from.master.version} and ${from.slave.version}`,
      hint: 'bake a newer one, or name an older one with --from master=VERSION,slave=VERSION',
    });
  const scheduler = await schedulerOfVersion(from.master.folder);
  let measure: UpgradeMeasure | undefined;
  const drills = upgradeDrills({
    to: { master: to.master.version, slave: to.slave.version },
    ...{ roles, wave: wish.wave, drain: wish.drain, fallBack: wish.fallBack },
    workload:
      scheduler === 'marathon' && ground.slaves > 0 ? marathonTasks(Math.max(2, ground.slaves)) : undefined,
    onMeasured: (one) => {
      measure = one;
    },
  });
  const skipped = drills.flatMap((drill) => {
    const why = drill.cannot?.({ ...ground, scheduler });
    return why === undefined ? [] : [{ drill, why }];
  });
  return {
    ...{ from, to },
    chosen: { drills: drills.filter((drill) => !skipped.some((one) => one.drill === drill)), skipped },
    served: new Map(roles.map((role) => [`/${role}/${to[role].version}`, to[role].folder])),
    measured: () => measure,
  };
}
