import { resolve } from 'node:path';
import { firmwareFor } from '../../boot-test/firmware.ts';
import { verifyStore } from '../../boot-test/verify-store.ts';
import { exitCodes } from '../../host/ingot-error.ts';
import { allRoles } from '../../inputs/plan/plan.ts';
import { readPlan } from '../../inputs/read-plan.ts';
import { latestPath } from '../../store/latest-version.ts';
import { withProgress } from '../progress/progress.ts';
import type { bootTestShape } from '../shapes/test-shapes.ts';
import { jsonText } from '../shared/json-text.ts';
import { poolOf } from '../shared/pool-of.ts';
import { signerOf } from '../shared/signer-of.ts';
import type { World } from '../world.ts';
import type { BootTestInput } from './options.ts';
import { verifiedText } from './text.ts';

/** ingot boot-test SPEC: boots the latest images of the store again and runs all checks of their roles. */
export async function bootSpec(
  world: World,
  options: BootTestInput & { readonly spec: string },
): Promise<number> {
  const { plan } = await readPlan(world.host, options.spec, { pool: () => poolOf(world, undefined) });
  const seedKey = await signerOf(world, { sign: options.seedKey });
  const verified = await withProgress({ stream: world.stream, now: () => world.host.now() }, (progress) =>
    verifyStore(
      world.host,
      {
        plan,
        roles: allRoles,
        out: resolve(world.cwd, options.out),
        firmware: firmwareFor(options.firmware ?? 'other'),
        accelerator: world.env['INGOT_ACCEL'],
        seedKey,
        signal: world.signal,
      },
      progress,
    ),
  );
  if (options.json) world.out(jsonText<typeof bootTestShape>({ schema: 1, nodes: verified }));
  else for (const node of verified) world.out(verifiedText(node, latestPath(options.out, node.role)));
  return exitCodes.done;
}
