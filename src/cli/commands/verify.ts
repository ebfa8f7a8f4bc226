import { join, resolve } from 'node:path';
import { exitCodes } from '../../errors/ingot-error.ts';
import { allRoles } from '../../plan/plan.ts';
import { readPlan } from '../../recipe/read-plan.ts';
import { firmwareFor } from '../../recipe/firmware.ts';
import { verifyStore } from '../../recipe/verify-store.ts';
import { stagesText } from '../../verify/boot-stages.ts';
import { withProgress } from '../progress/progress.ts';
import type { World } from '../world.ts';

/** ingot verify: boots the latest images of the store again and asks them all checks of their roles. */
export async function verify(
  world: World,
  options: { spec: string; out: string; firmware: 'bios' | 'uefi' | 'other' },
): Promise<number> {
  const { plan } = await readPlan(world.host, options.spec);
  const verified = await withProgress({ stream: world.stream, now: () => world.host.now() }, (progress) =>
    verifyStore(
      world.host,
      {
        plan,
        roles: allRoles,
        out: resolve(world.cwd, options.out),
        firmware: firmwareFor(options.firmware),
        accelerator: world.env['INGOT_ACCEL'],
        signal: world.signal,
      },
      progress,
    ),
  );
  for (const { role, firmware, checks, secondsToSsh, boot } of verified) {
    const image = join(options.out, role, 'latest');
    world.out(
      `${role}: booted by ${firmware.toUpperCase()} from ${image}, ssh after ${secondsToSsh.toFixed(1)} s\n`,
    );
    if (boot !== undefined)
      world.out(
        `  healthy ${boot.healthySeconds.toFixed(1)} s after power-on: ${stagesText(boot.stages, true)}\n`,
      );
    for (const { name, saw } of checks) world.out(`  ok  ${name}: ${saw}\n`);
  }
  return exitCodes.done;
}
