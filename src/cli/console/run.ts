import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { followLines } from '../../host/follow-lines.ts';
import { exitCodes } from '../../host/ingot-error.ts';
import { plainLines } from '../../host/plain-text.ts';
import { isRunning } from '../../store/run-folder.ts';
import { requireRunningBake } from '../shared/running-bake.ts';
import type { World } from '../world.ts';
import type { ConsoleInput } from './options.ts';

/** The consoles of a role's guests in the logs of a bake, in the order in which they boot. */
const consolesOf = (role: string): readonly { readonly file: string; readonly title: string }[] => [
  { file: `console-${role}.log`, title: `build guest of the ${role}` },
  { file: `console-verify-${role}.log`, title: `boot test of the ${role}` },
];

/**
 * ingot console: prints what the guests of a role print on their serial consoles, as plain text, until the bake ends or
 * until Ctrl-C, which leaves it running. A console takes no input.
 */
export async function showConsole(world: World, { role, out }: ConsoleInput): Promise<number> {
  const { signal } = world;
  const run = await requireRunningBake(world, out);
  const isOver = async (): Promise<boolean> => !(await isRunning(run));
  const all = consolesOf(role).map(({ file, title }) => ({ title, file: join(run.logs, file) }));
  for (const [index, { file, title }] of all.entries()) {
    const later = all.slice(index + 1).filter((one) => existsSync(one.file));
    if (later.length > 0 || (index > 0 && !existsSync(file))) continue;
    world.err(existsSync(file) ? `--- ${title}\n` : `--- ${title}: it has not booted yet\n`);
    const next = all[index + 1]?.file;
    const following = {
      signal,
      isOver: async () => (next !== undefined && existsSync(next)) || (await isOver()),
    };
    for await (const line of followLines(file, following))
      for (const shown of plainLines(line)) world.out(`${shown}\n`);
  }
  if (!signal.aborted) world.err('--- the bake has ended\n');
  return exitCodes.done;
}
