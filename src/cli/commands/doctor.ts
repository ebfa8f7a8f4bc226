import { exitCodes } from '../../host/ingot-error.ts';
import {
  missingPrograms,
  netbootPrograms,
  type RequiredProgram,
  requiredPrograms,
  requirePrograms,
} from '../../host/required-programs.ts';
import type { World } from '../world.ts';

/** ingot doctor: whether this host has what a bake needs, and what machines that boot over the network need. */
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
  world.err('for ingot netboot alone:\n');
  show(netbootPrograms);
  requirePrograms();
  return Promise.resolve(exitCodes.done);
}
