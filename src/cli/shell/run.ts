import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { exitCodes } from '../../host/ingot-error.ts';
import { isRole, type Role } from '../../inputs/roles.ts';
import { devName, requireDevVersion } from '../../store/dev-versions.ts';
import { latestName } from '../../store/latest-version.ts';
import { findVersion, noImage, requireVersion } from '../../store/require-version.ts';
import { readDevRecord } from '../../version/dev-version.ts';
import { isVersionName } from '../../version/version-name.ts';
import { readGuestRecord } from '../../vm/guest-record.ts';
import { openSession } from '../../vm/ssh-session.ts';
import { plainView } from '../progress/plain-view.ts';
import { rootStage } from '../progress/stage.ts';
import { runningBake } from '../shared/running-bake.ts';
import { signerOf } from '../shared/signer-of.ts';
import type { World } from '../world.ts';
import type { ShellInput } from './options.ts';

/** Opens a shell in the guest of a running bake; undefined if no bake runs, or it has no such guest now. */
async function inGuest(world: World, { role, out }: ShellInput): Promise<number | undefined> {
  const run = await runningBake(world, out);
  const guest = run && (await readGuestRecord(run.work, role));
  if (guest === undefined) return undefined;
  world.err(`${guest.what} of the ${role}; what you change there is not in the image\n`);
  return openSession(guest.target, world.env);
}

/** The absolute folder of the version that a user names. */
async function folderOf(world: World, role: Role, { version, out }: ShellInput): Promise<string> {
  const store = resolve(world.cwd, out);
  if (version === devName) return requireDevVersion(store, role);
  if (version === undefined || version === latestName) return (await requireVersion(store, role)).folder;
  if (!isVersionName(version))
    return realpath(resolve(world.cwd, version)).catch(() => resolve(world.cwd, version));
  const found = await findVersion(store, role, version);
  if (found === undefined) throw noImage({ out, role, version });
  return found.folder;
}

/** Boots a version on a disk that is thrown away, and opens a shell on it. */
async function inVersion(world: World, role: Role, input: ShellInput): Promise<number> {
  const { visitVersion } = await import('../../boot-test/visit-version.ts');
  const { host, signal, env, cwd } = world;
  const folder = await folderOf(world, role, input);
  // Lines, because the session has the terminal afterwards.
  const view = plainView((line) => void world.stream.write(line));
  const request = {
    // A development version was booted without a master, and so it is shown.
    alone: (await readDevRecord(folder)) !== undefined,
    ...{ role, folder, signal, out: resolve(cwd, input.out), accelerator: env['INGOT_ACCEL'] },
    seedKey: await signerOf(world, { sign: input.seedKey }),
  };
  let exitCode: number = exitCodes.failed;
  await visitVersion(host, request, rootStage({ view, now: () => host.now() }), async (target) => {
    world.err(
      `${role} of ${folder}; the session ends this node, and nothing of it is kept (sudo -i: root)\n`,
    );
    exitCode = await openSession(target, env);
  });
  return exitCode;
}

/**
 * ingot shell: opens a shell in the guest of a running bake, or in a version that is booted for it.
 * @returns the exit status of the shell
 */
export async function shell(world: World, input: ShellInput): Promise<number> {
  const { role } = input;
  if (!isRole(role)) return exitCodes.wrongInput;
  const there = input.version === undefined ? await inGuest(world, input) : undefined;
  return there ?? inVersion(world, role, input);
}
