import { resolve } from 'node:path';
import { firmwareFor } from '../../boot-test/firmware.ts';
import { verifyStore } from '../../boot-test/verify-store.ts';
import { exitCodes } from '../../host/ingot-error.ts';
import { allRoles } from '../../inputs/plan/plan.ts';
import { readPlan } from '../../inputs/read-plan.ts';
import { latestPath } from '../../store/latest-version.ts';
import { keyOf } from '../key-of.ts';
import { withProgress } from '../progress/progress.ts';
import { verifiedText } from '../verified-text.ts';
import type { World } from '../world.ts';

/** ingot verify: boots the latest images of the store again and asks them all checks of their roles. */
export async function verify(
  world: World,
  options: { spec: string; out: string; firmware: 'bios' | 'uefi' | 'other'; seedKey: string | undefined },
): Promise<number> {
  const { plan } = await readPlan(world.host, options.spec);
  const seedKey = await keyOf(world, options.seedKey);
  const verified = await withProgress({ stream: world.stream, now: () => world.host.now() }, (progress) =>
    verifyStore(
      world.host,
      {
        plan,
        roles: allRoles,
        out: resolve(world.cwd, options.out),
        firmware: firmwareFor(options.firmware),
        accelerator: world.env['INGOT_ACCEL'],
        seedKey,
        signal: world.signal,
      },
      progress,
    ),
  );
  for (const node of verified) world.out(verifiedText(node, latestPath(options.out, node.role)));
  return exitCodes.done;
}
