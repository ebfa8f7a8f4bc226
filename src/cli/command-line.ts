import { Command as Program, CommanderError } from 'commander';
import { exitCodes } from '../host/ingot-error.ts';
import { toolVersion } from '../inputs/plan/tool-version.ts';
import { addBake } from './flags/bake.ts';
import { addBench } from './flags/bench.ts';
import { addCheck } from './flags/check.ts';
import { addDiff } from './flags/diff.ts';
import { addDoctor } from './flags/doctor.ts';
import type { Done } from './flags/done.ts';
import { addDrift } from './flags/drift.ts';
import { addGc } from './flags/gc.ts';
import { addKeygen } from './flags/keygen.ts';
import { addLock } from './flags/lock.ts';
import { addNetboot } from './flags/netboot.ts';
import { addRehearse } from './flags/rehearse.ts';
import { addRender } from './flags/render.ts';
import { addSchema } from './flags/schema.ts';
import { addSeed } from './flags/seed.ts';
import { addSign } from './flags/sign.ts';
import { addVerify } from './flags/verify.ts';
import type { World } from './world.ts';

/** The commands, in the order in which the help names them. */
const commands = [
  addCheck,
  addSchema,
  addRender,
  addDoctor,
  addLock,
  addBake,
  addGc,
  addVerify,
  addSeed,
  addRehearse,
  addDiff,
  addDrift,
  addNetboot,
  addKeygen,
  addSign,
  addBench,
];

/** The command line: what there is to say, each command in a file of flags/. Bodies are imported when they run. */
function makeProgram(world: World, done: Done): Program {
  const program = new Program('ingot')
    .description(
      'Bakes the two golden images of a Mesosphere cluster, master and slave, from one cluster.yaml.',
    )
    .version(toolVersion)
    .showHelpAfterError('(ingot --help shows what there is)')
    .showSuggestionAfterError()
    .exitOverride()
    // netboot and netboot serve have options of the same names.
    .enablePositionalOptions()
    .configureOutput({ writeOut: world.out, writeErr: world.err })
    .addHelpText(
      'after',
      [
        '',
        'Exit status: 0 done; 1 the work failed; 2 wrong use or wrong input; 3 done, and found a difference; 130 interrupted.',
        'Environment: INGOT_ACCEL is kvm or tcg to have that, not what is proven here; INGOT_POOL is the folder of the .debs; INGOT_CACHE is that of the stages, INGOT_CACHE_SIZE what it may take (20GiB); INGOT_SIGNING_KEY is the text of the key to sign with.',
      ].join('\n'),
    );
  for (const add of commands) add(program, world, done);
  return program;
}

/**
 * Runs one command line.
 * @param args without the program's own name
 * @returns the exit status
 * @throws IngotError of the command
 */
export async function commandLine(world: World, args: readonly string[]): Promise<number> {
  let exitCode: number = exitCodes.done;
  const program = makeProgram(world, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    // Commander has printed what was wrong, or the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.wrongInput;
    throw error;
  }
}
