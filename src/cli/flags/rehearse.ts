import { type Command as Program, InvalidArgumentError } from 'commander';
import { mostNodesOfRole } from '../../rehearse/place.ts';
import type { World } from '../world.ts';
import type { Done } from './done.ts';
import { seedKeyOption } from './shared-options.ts';
import { wholeNumber } from './whole-number.ts';

interface RehearseFlags {
  readonly out: string;
  readonly drills?: readonly string[];
  readonly list?: true;
  readonly quick?: true;
  readonly masters: number;
  readonly slaves: number;
  readonly keep?: true;
  readonly json?: true;
  readonly seedKey?: string;
  readonly sign?: string;
  readonly from?: string;
  readonly to?: string;
  readonly wave?: number;
  readonly drain: boolean;
  readonly fallBack: boolean;
}

const count = wholeNumber(0, mostNodesOfRole);
const atLeastOne = wholeNumber(1, mostNodesOfRole);

function odd(text: string): number {
  const number = count(text);
  if (number % 2 === 0)
    throw new InvalidArgumentError('It has to be an odd number, as a list of masters must have.');
  return number;
}

/** `ingot rehearse`: a whole cluster of the latest images, and what it has to stand. */
export function addRehearse(program: Program, world: World, done: Done): void {
  program
    .command('rehearse')
    .description(
      'boot a cluster of the latest images on this machine, each node a QEMU VM, and run drills with it: rise, lose the leader, be cut off, grow …',
    )
    .argument('[spec]', 'the cluster.yaml')
    .option('--out <folder>', 'the output store that has the images; logs go there', 'out')
    .option('--drills <names>', 'only these, by comma; the rise is always the first', (text: string) =>
      text.split(',').map((name) => name.trim()),
    )
    .option('--quick', 'only the quick drills (--list says which they are)')
    .option('--list', 'show the drills and what each proves, and do nothing')
    .option('--masters <number>', 'how many masters', odd, 3)
    .option('--slaves <number>', 'how many slaves', count, 2)
    .option('--keep', 'leave the cluster running at the end until Ctrl-C, and say how its nodes are reached')
    .option(
      '--from <versions>',
      'boot these, and upgrade the cluster by the documented procedure: master=VERSION,slave=VERSION, or the folder of a store',
    )
    .option('--to <versions>', 'with --from: the versions to upgrade to, in the same words (default: latest)')
    .option('--wave <number>', 'with --from: slaves at a time (default: a third of them)', atLeastOne)
    .option('--no-drain', 'with --from: restart slaves with their tasks')
    .option('--no-fall-back', 'with --from: let no slave try an unhealthy version first')
    .option(
      '--sign <file>',
      'sign a statement about the drills with this private key, PEM, next to each version',
    )
    .addOption(seedKeyOption())
    .option('--json', 'print the outcome as JSON')
    .action(async (spec: string | undefined, options: RehearseFlags) => {
      const { listDrills, rehearse } = await import('../commands/rehearse.ts');
      if (options.list === true) {
        done(listDrills(world));
        return;
      }
      if (spec === undefined) program.error('error: name the cluster.yaml whose images are rehearsed');
      if (options.quick === true && options.drills !== undefined)
        program.error('error: --quick chooses the drills, and so does --drills');
      const { out, drills, masters, slaves, from, to, wave, drain, fallBack } = options;
      if (from === undefined && (to ?? wave) !== undefined)
        program.error('error: --to and --wave are for an upgrade: name the old versions with --from');
      if (from === undefined && !(drain && fallBack))
        program.error(
          'error: --no-drain and --no-fall-back are for an upgrade: name the old versions with --from',
        );
      if (from !== undefined && (drills !== undefined || options.quick === true))
        program.error('error: an upgrade has drills of its own: --drills and --quick are without --from');
      done(
        await rehearse(world, {
          ...{ spec, out, drills, masters, slaves },
          quick: options.quick === true,
          keep: options.keep === true,
          json: options.json === true,
          seedKey: options.seedKey,
          sign: options.sign,
          upgrade: from === undefined ? undefined : { from, to, wave, drain, fallBack },
        }),
      );
    });
}
