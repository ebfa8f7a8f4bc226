import { once } from 'node:events';
import { resolve } from 'node:path';
import { exitCodes } from '../../errors/ingot-error.ts';
import { readPlan } from '../../recipe/read-plan.ts';
import { rehearseImages } from '../../recipe/rehearse-images.ts';
import { schedulerOfStore } from '../../recipe/scheduler-of-store.ts';
import { chooseDrills } from '../../rehearse/choose-drills.ts';
import { keyOf } from '../key-of.ts';
import { withProgress } from '../progress/progress.ts';
import { drillsText, reachText, rehearsalText } from '../rehearsal-text.ts';
import type { World } from '../world.ts';

export interface RehearseOptions {
  readonly spec: string;
  readonly out: string;
  /** Undefined: all, or the quick ones. */
  readonly drills: readonly string[] | undefined;
  readonly quick: boolean;
  readonly masters: number;
  readonly slaves: number;
  readonly keep: boolean;
  readonly json: boolean;
  /** File of the key that signs the seed. */
  readonly seedKey: string | undefined;
}

/** ingot rehearse --list: the drills that there are. */
export function listDrills(world: World): number {
  world.out(drillsText());
  return exitCodes.done;
}

/** ingot rehearse: boots a cluster of the latest images and runs drills with it; exit 1 if one fails. */
export async function rehearse(world: World, options: RehearseOptions): Promise<number> {
  const { host, signal, stream } = world;
  const size = { masters: options.masters, slaves: options.slaves };
  const out = resolve(world.cwd, options.out);
  const scheduler = await schedulerOfStore(out);
  const chosen = chooseDrills(options.drills, options.quick, { ...size, scheduler });
  const { plan } = await readPlan(host, options.spec);
  const seedKey = await keyOf(world, options.seedKey);
  const { outcomes } = await rehearseImages(
    host,
    {
      ...{ cluster: plan.cluster, settings: plan.seed, size, chosen, seedKey, signal },
      out,
      accelerator: world.env['INGOT_ACCEL'],
    },
    {
      shown: (work) => withProgress({ stream, now: () => host.now() }, work),
      afterwards: async (rehearsal) => {
        if (options.json) {
          const data = { ...rehearsal, nodes: options.keep ? rehearsal.nodes : [] };
          world.out(`${JSON.stringify(data, null, 2)}\n`);
        } else world.out(rehearsalText(rehearsal));
        if (!options.keep) return;
        world.err(reachText(rehearsal.nodes));
        if (!signal.aborted) await once(signal, 'abort');
      },
    },
  );
  return outcomes.some(({ result }) => result === 'failed') ? exitCodes.failed : exitCodes.done;
}
