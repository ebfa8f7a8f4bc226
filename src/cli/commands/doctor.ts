import { exitCodes } from '../../errors/ingot-error.ts';
import { missingPrograms, requiredPrograms, requirePrograms } from '../../host/required-programs.ts';
import type { World } from '../world.ts';

/** ingot doctor: whether this host has what a bake needs. */
export function doctor(world: World): Promise<number> {
  const missing = new Set(missingPrograms());
  for (const program of requiredPrograms) {
    world.err(
      `${missing.has(program) ? 'missing' : 'ok     '}  ${program.program} (${program.debianPackage}): ${program.for}\n`,
    );
  }
  requirePrograms();
  return Promise.resolve(exitCodes.done);
}
