import { join, resolve } from 'node:path';
import { writeRawCopy } from '../../../disk/raw-copy.ts';
import type { ProgressStage } from '../../../host/progress-stage.ts';
import { withTemporaryFolder } from '../../../host/with-temporary-folder.ts';
import { type AdmittedVersion, admitVersions } from '../../../publish/admit.ts';
import type { SparseDisk } from '../../../publish/ami/blocks.ts';
import { publicKey } from '../../../version/key-files.ts';
import type { World } from '../../world.ts';
import { versionFoldersOf } from '../folders.ts';
import type { PublishAmiInput } from './options.ts';

/** Unpacks the disk of a version, and removes it after the work. */
export function withRawDisk<T>(
  { host, signal }: Pick<World, 'host' | 'signal'>,
  { folder, progress }: { readonly folder: string; readonly progress: ProgressStage },
  work: (disk: SparseDisk) => Promise<T>,
): Promise<T> {
  return withTemporaryFolder(async (temporary) => {
    const raw = join(temporary, 'disk.raw');
    const disk = await progress.stage('unpack the disk', () => writeRawCopy(host, folder, { raw, signal }));
    return work(disk);
  });
}

/**
 * The versions of a command line, verified.
 * @throws IngotError not-publishable or damaged-version for one that may not be published
 */
export async function admittedVersions(
  world: World,
  input: PublishAmiInput,
  progress: ProgressStage,
): Promise<AdmittedVersion[]> {
  const { host, signal, cwd } = world;
  const keys = await Promise.all((input.key ?? []).map((file) => publicKey(resolve(cwd, file))));
  const allow = { unverified: input.allowUnverified, standIns: input.allowStandIns };
  const folders = await versionFoldersOf(world, input);
  return admitVersions(host, { folders, keys, allow, signal, progress });
}
