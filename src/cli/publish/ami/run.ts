import { resolve } from 'node:path';
import { exitCodes, IngotError } from '../../../host/ingot-error.ts';
import type { ProgressStage } from '../../../host/progress-stage.ts';
import { defaultLimits } from '../../../publish/ami/attempts.ts';
import { realClock } from '../../../publish/ami/clock.ts';
import { discardUpload, publishAmi } from '../../../publish/ami/publish-ami.ts';
import type { AwsAccess } from '../../../publish/ami/region.ts';
import { loadAwsSdk } from '../../../publish/ami/sdk.ts';
import { defaultStateFolder } from '../../../publish/ami/state.ts';
import { withProgress } from '../../progress/progress.ts';
import type { publishAmiShape } from '../../shapes/publish-ami-shape.ts';
import { jsonText } from '../../shared/json-text.ts';
import type { World } from '../../world.ts';
import { admittedVersions, withRawDisk } from './materials.ts';
import type { PublishAmiInput } from './options.ts';
import { regionOf, requestsOf } from './requests.ts';
import { amiDocument, amisText, imageLines, type VersionAmi } from './text.ts';

const accessOf = ({ env }: Pick<World, 'env'>): AwsAccess => ({
  sdk: loadAwsSdk(env),
  clock: realClock,
  limits: defaultLimits,
});

const stateFolderOf = ({ cwd, env }: World, { state }: PublishAmiInput): string =>
  state === undefined ? defaultStateFolder(env) : resolve(cwd, state);

/** ingot publish ami --discard: removes what interrupted uploads of the versions have left. */
async function discard(world: World, input: PublishAmiInput): Promise<number> {
  const access = accessOf(world);
  const region = await regionOf(world.env, input.region, access.sdk);
  const stateFolder = stateFolderOf(world, input);
  for (const { request } of await requestsOf(world, input, { region }))
    for (const line of await discardUpload(access, { request, stateFolder, signal: world.signal }))
      world.err(`${line}\n`);
  return exitCodes.done;
}

async function publishAll(
  world: World,
  input: PublishAmiInput,
  progress: ProgressStage,
): Promise<readonly VersionAmi[]> {
  const { signal } = world;
  const access = accessOf(world);
  const region = await regionOf(world.env, input.region, access.sdk);
  if (input.copyTo?.includes(region) === true)
    throw new IngotError({
      code: 'wrong-usage',
      message: `--copy-to names ${region}, where the disk is uploaded`,
      hint: 'name only other regions',
    });
  const stateFolder = stateFolderOf(world, input);
  const versions = await admittedVersions(world, input, progress);
  const requests = await requestsOf(world, input, { region, versions });
  const done: VersionAmi[] = [];
  // One after the other: the account has one limit for the blocks of all snapshots.
  for (const { request, folder } of requests) {
    const ami = await progress.stage(request.name, (image) =>
      publishAmi(access, {
        ...{ request, progress: image, signal, stateFolder },
        withDisk: (stage, work) => withRawDisk(world, { folder, progress: stage }, work),
      }),
    );
    done.push({ ...ami, request, folder });
  }
  return done;
}

/** ingot publish ami: verifies versions and makes AMIs of their disks; prints the ids of the images on stdout. */
export async function publishAmis(world: World, input: PublishAmiInput): Promise<number> {
  const { packer } = input;
  if (packer !== undefined) {
    const { writePacker } = await import('./write-packer.ts');
    return writePacker(world, { ...input, packer });
  }
  if (input.discard) return discard(world, input);
  const view = { stream: world.stream, quiet: input.quiet, now: () => world.host.now() };
  const published = await withProgress(view, (progress) => publishAll(world, input, progress));
  if (input.json) world.out(jsonText<typeof publishAmiShape>(amiDocument(published)));
  else {
    world.err(amisText(published));
    world.out(imageLines(published));
  }
  return exitCodes.done;
}
