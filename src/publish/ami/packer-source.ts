import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '../../host/host.ts';
import { IngotError } from '../../host/ingot-error.ts';
import { sha256File } from '../../host/sha256-file.ts';
import { ec2 } from '../../inputs/targets/ec2.ts';
import { rawDisk } from '../../inputs/targets/raw.ts';
import { packerRelease, versionOfPacker } from '../../render/packer-release.ts';
import { renderAmi } from '../../render/render-ami.ts';
import type { Templates } from '../../render/templates.ts';
import type { SparseDisk } from './blocks.ts';
import { type AmiRequest, descriptionOf, ownTags, sharedWith, volumeGiBOf } from './image-facts.ts';

/** Whether the Packer of this host declares plugins (1.7 and later); without a Packer, a current one is assumed. */
export async function packerHasPlugins(host: Host): Promise<boolean> {
  const answer = await host.run('packer', ['version']).catch((error: unknown) => {
    if (error instanceof IngotError && error.code === 'missing-program') return undefined;
    throw error;
  });
  const version = versionOfPacker(answer?.stdout ?? '');
  return version === undefined || packerRelease(version).qemu !== undefined;
}

/** The packed raw disk of a version, which the instance unpacks. */
function packedDisk(folder: string): string {
  const found = [...ec2.disks, rawDisk]
    .map(({ path }) => join(folder, path))
    .find((file) => existsSync(file));
  if (found !== undefined) return found;
  throw new IngotError({
    code: 'no-image',
    message: `${folder} has no raw disk, which Packer sends to its instance`,
    hint: `add "${ec2.name}" to the targets of the spec, and bake again`,
  });
}

/** What a Packer without plugins cannot do. */
function requireOldEnough({ attestable, share, deprecateAfterSeconds }: AmiRequest): void {
  const organizations = share.some((who) => who.startsWith('arn:'));
  const needs = attestable
    ? '--attestable'
    : organizations
      ? '--share with an organization'
      : deprecateAfterSeconds !== undefined
        ? '--deprecate-after'
        : undefined;
  if (needs === undefined) return;
  throw new IngotError({
    code: 'host-not-ready',
    message: `${needs} needs Packer 1.7 or later with its amazon plugin; this machine has an older one`,
    hint: 'install a current Packer, or omit the option',
  });
}

/**
 * Renders the source with which Packer itself makes the image, for an account that lets nothing else act.
 * @param folder absolute folder of the version
 * @param disk its raw disk, whose SHA-256 the instance compares
 * @throws IngotError no-image if the version has no raw disk; host-not-ready for an option that needs a newer Packer
 */
export async function packerSource(
  templates: Templates,
  request: AmiRequest,
  {
    folder,
    disk,
    plugins,
    now,
  }: {
    readonly folder: string;
    readonly disk: SparseDisk;
    readonly plugins: boolean;
    readonly now: number;
  },
): Promise<string> {
  const packed = packedDisk(folder);
  if (!plugins) requireOldEnough(request);
  const { role, name, region, copyTo, attestable, uefiData, deprecateAfterSeconds } = request;
  return renderAmi(templates, {
    ...{ plugins, role, name, region, copyTo, attestable, uefiData },
    ...sharedWith(request),
    description: descriptionOf(request),
    disk: packed,
    diskBytes: disk.bytes,
    sha256: await sha256File(disk.path),
    volumeGiB: volumeGiBOf(disk.bytes),
    deprecateAt:
      deprecateAfterSeconds === undefined
        ? undefined
        : new Date(now + deprecateAfterSeconds * 1000).toISOString().replace(/\.\d+Z/, 'Z'),
    tags: ownTags(request),
  });
}
