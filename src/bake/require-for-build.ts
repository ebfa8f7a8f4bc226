import { mkdir } from 'node:fs/promises';
import { requireSpace } from '../host/free-space.ts';
import { IngotError } from '../host/ingot-error.ts';
import { requireComposableMount } from '../host/mount-options.ts';
import { requireRoot } from '../host/require-root.ts';
import { requirePrograms } from '../host/required-programs.ts';
import { chosenAccelerator } from '../vm/accelerator.ts';
import type { BuildRequest } from './bake-request.ts';
import { requireComposablePath } from './compose/composable-path.ts';

/**
 * Peak disk space of a bake, for one role and for the shared part: trees, build disk, Packer's copy, root, raw disk.
 */
const sharedBytes = 1 * 1024 ** 3;
const roleBytes = 4 * 1024 ** 3;

/** The space in bytes that a bake of this many roles needs in the store. */
export const buildBytes = (roles: number): number => sharedBytes + roleBytes * roles;

/**
 * Checks that this host and the store's file system have what a build needs, before minutes are spent.
 * @throws IngotError host-not-ready, missing-program, no-space or unusable-folder
 */
export async function requireForBuild(
  request: Pick<BuildRequest, 'roles' | 'out' | 'accelerator'>,
): Promise<void> {
  requireRoot('baking');
  requirePrograms();
  requireComposablePath(request.out);
  chosenAccelerator(request.accelerator); // reports a wrong value now, not after minutes
  await mkdir(request.out, { recursive: true }).catch((cause: unknown) => {
    throw new IngotError({
      code: 'unusable-folder',
      message: `${request.out} cannot be the output store: ${cause instanceof Error ? cause.message : String(cause)}`,
      hint: 'name a folder with --out FOLDER',
      cause,
    });
  });
  await requireComposableMount(request.out);
  await requireSpace(request.out, buildBytes(request.roles.length));
}
