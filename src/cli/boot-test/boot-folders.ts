import { resolve } from 'node:path';
import { bootVersions } from '../../boot-test/boot-versions.ts';
import type { VerifiedRole } from '../../boot-test/verify-cluster.ts';
import { exitCodes } from '../../host/ingot-error.ts';
import { withProgress } from '../progress/progress.ts';
import type { bootTestShape } from '../shapes/test-shapes.ts';
import { jsonText } from '../shared/json-text.ts';
import { signerOf } from '../shared/signer-of.ts';
import {
  checkedData,
  checkedText,
  type CheckedVersion,
  checkVersions,
  isRefused,
  requireNotRefused,
} from '../verify/check-versions.ts';
import type { World } from '../world.ts';
import type { BootTestInput } from './options.ts';
import { verifiedText } from './text.ts';

/** A version, and the results of its node if it was booted. */
type BootedVersion = CheckedVersion & { readonly booted: VerifiedRole | undefined };

type FoldersInput = BootTestInput & { readonly keys: readonly string[] };

function checkAndBoot(world: World, input: FoldersInput): Promise<BootedVersion[]> {
  const { host, signal } = world;
  const { what: folders, keys, rehearsed, firmware } = input;
  return withProgress({ stream: world.stream, now: () => host.now() }, async (progress) => {
    const checked = await checkVersions(world, { folders, keys, rehearsed }, progress);
    if (checked.some(isRefused)) return checked.map((one) => ({ ...one, booted: undefined }));
    const request = {
      ...{ firmware, signal, folders: checked.map(({ report }) => report.folder) },
      out: resolve(world.cwd, input.out),
      accelerator: world.env['INGOT_ACCEL'],
      seedKey: await signerOf(world, { sign: input.seedKey }),
    };
    const booted = await bootVersions(host, request, progress);
    return checked.map((one) => ({ ...one, booted: booted.find(({ role }) => role === one.report.role) }));
  });
}

/** ingot boot-test DIR: verifies versions, then boots them; none is booted if one is refused. */
export async function bootFolders(world: World, input: FoldersInput): Promise<number> {
  const versions = await checkAndBoot(world, input);
  if (input.json) {
    const booted = versions.map((one) => ({
      ...checkedData(one, input.rehearsed),
      ...(one.booted === undefined ? {} : { booted: one.booted }),
    }));
    world.out(jsonText<typeof bootTestShape>({ schema: 1, versions: booted }));
  } else
    for (const one of versions) {
      if (!isRefused(one)) world.out(checkedText(one));
      if (one.booted !== undefined) world.out(verifiedText(one.booted, one.report.folder));
    }
  requireNotRefused(versions);
  return exitCodes.done;
}
