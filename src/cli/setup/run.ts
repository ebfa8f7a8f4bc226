import { join } from 'node:path';
import { exitCodes, IngotError } from '../../host/ingot-error.ts';
import { projectFolder } from '../../host/project-folder.ts';
import type { World } from '../world.ts';
import type { SetupInput } from './options.ts';

// Of setup/install-host-packages, for a host that has to be changed first: another user, another distribution.
const notReady = 2;

/**
 * ingot setup: installs the Debian packages of setup/host-packages that are missing, and prints their names.
 * @throws IngotError host-not-ready without root, and on a host without dpkg
 */
export async function setup(world: World, { dryRun }: SetupInput): Promise<number> {
  const lines: string[] = [];
  const { exitCode } = await world.host.run(
    join(projectFolder, 'setup', 'install-host-packages'),
    dryRun ? ['--dry-run'] : [],
    {
      accept: [exitCodes.done, notReady],
      signal: world.signal,
      onLine: (line) => {
        lines.push(line.replace(/^setup: /, ''));
        if (!line.startsWith('setup: run as root')) world.err(`${line}\n`);
      },
    },
  );
  if (exitCode === exitCodes.done) return exitCodes.done;
  throw new IngotError({
    code: 'host-not-ready',
    message: 'this host does not have what a bake needs',
    hint: lines.at(-1) ?? 'run ingot setup as root, on Debian 12',
  });
}
