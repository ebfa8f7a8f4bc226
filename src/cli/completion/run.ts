import { exitCodes } from '../../host/ingot-error.ts';
import type { AnyCommand } from '../record/command-record.ts';
import { usagesOf } from '../record/usage.ts';
import type { World } from '../world.ts';
import { bashScript } from './bash-script.ts';
import { fishScript } from './fish-script.ts';
import type { CompletionInput } from './options.ts';
import { zshScript } from './zsh-script.ts';

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript };

/**
 * ingot completion: prints the script of a shell.
 * @param records the commands that it completes
 */
export const completionOf =
  (records: readonly AnyCommand[]) =>
  (world: World, { shell }: CompletionInput): Promise<number> => {
    world.out(scripts[shell](usagesOf(records)));
    return Promise.resolve(exitCodes.done);
  };
