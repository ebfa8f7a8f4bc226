import { exitCodes } from '../../host/ingot-error.ts';
import {
  missingPrograms,
  netbootPrograms,
  type RequiredProgram,
  requiredPrograms,
  requirePrograms,
} from '../../host/required-programs.ts';
import type { World } from '../world.ts';

/** ingot doctor: whether this host has the programs that a bake needs, and those of `ingot netboot serve`. */
export function doctor(world: World): Promise<number> {
  const show = (programs: readonly RequiredProgram[]): void => {
    const missing = new Set(missingPrograms(programs));
    for (const program of programs) {
      world.err(
        `${missing.has(program) ? 'missing' : 'ok     '}  ${program.program} (${program.debianPackage}): ${program.for}\n`,
      );
    }
  };
  show(requiredPrograms);
  world.err('only for ingot netboot serve:\n');
  show(netbootPrograms);
  requirePrograms();
  return Promise.resolve(exitCodes.done);
}
