import type { Image, RegisterImageCommandInput } from '@aws-sdk/client-ec2';
import { IngotError } from '../../host/ingot-error.ts';
import { type AmiRequest, descriptionOf, tagsOf, uploadTag, volumeGiBOf } from './image-facts.ts';
import type { AwsRegion } from './region.ts';
import { type Note, pollMs } from './snapshots.ts';

/** The device of the root in EC2's tables; the kernel finds its root by the id of the file system. */
const rootDevice = '/dev/xvda';

/**
 * The request that registers an image. Without attestable it boots on every type of instance; with it, the firmware
 * measures into a NitroTPM, which needs UEFI (EC2 User Guide, "Requirements for NitroTPM").
 */
export function registerInput(
  request: AmiRequest,
  {
    snapshot,
    diskBytes,
    token,
  }: { readonly snapshot: string; readonly diskBytes: number; readonly token: string },
): RegisterImageCommandInput {
  const { name, attestable, uefiData } = request;
  return {
    Name: name,
    Description: descriptionOf(request),
    Architecture: 'x86_64',
    VirtualizationType: 'hvm',
    EnaSupport: true,
    ImdsSupport: 'v2.0',
    ...(attestable ? { BootMode: 'uefi', TpmSupport: 'v2.0' } : { BootMode: 'uefi-preferred' }),
    ...(uefiData === undefined ? {} : { UefiData: uefiData }),
    RootDeviceName: rootDevice,
    BlockDeviceMappings: [
      {
        DeviceName: rootDevice,
        Ebs: {
          SnapshotId: snapshot,
          VolumeType: 'gp3',
          VolumeSize: volumeGiBOf(diskBytes),
          DeleteOnTermination: true,
        },
      },
    ],
    TagSpecifications: [{ ResourceType: 'image', Tags: tagsOf(request, token) }],
  };
}

const tagOf = ({ Tags }: Image, key: string): string | undefined =>
  Tags?.find(({ Key }) => Key === key)?.Value;

/** The snapshot of an image's root. */
export const snapshotOf = ({ BlockDeviceMappings }: Image): string | undefined =>
  BlockDeviceMappings?.find(({ Ebs }) => Ebs?.SnapshotId !== undefined)?.Ebs?.SnapshotId;

/** The images of this account that pass a filter. */
async function findImages(
  region: AwsRegion,
  filter: { readonly name: string; readonly value: string },
  signal: AbortSignal,
): Promise<readonly Image[]> {
  const { DescribeImagesCommand } = region.sdk.ec2;
  const { Images } = await region.ec2({
    operation: 'DescribeImages',
    signal,
    send: (client, options) =>
      client.send(
        new DescribeImagesCommand({
          Owners: ['self'],
          Filters: [{ Name: filter.name, Values: [filter.value] }],
          IncludeDeprecated: true,
        }),
        options,
      ),
  });
  return Images ?? [];
}

/** The images that carry the token of an upload. */
export const imagesOfUpload = (region: AwsRegion, token: string, signal: AbortSignal) =>
  findImages(region, { name: `tag:${uploadTag}`, value: token }, signal);

/**
 * The image of this version that the account has already in a region; undefined if it has none.
 * @throws IngotError publish-failed if an image of another version, or one that boots in another way, has its name
 */
export async function presentImage(
  region: AwsRegion,
  request: AmiRequest,
  signal: AbortSignal,
): Promise<Image | undefined> {
  const { name, rootHash, attestable } = request;
  const found = (await findImages(region, { name: 'name', value: name }, signal)).find(
    ({ State }) => State !== 'deregistered' && State !== 'failed' && State !== 'invalid',
  );
  if (found === undefined) return undefined;
  const same = tagOf(found, 'ingot:root-hash') === rootHash && (found.TpmSupport === 'v2.0') === attestable;
  if (same) return found;
  throw new IngotError({
    code: 'publish-failed',
    message: `AWS, ${region.name}: the account has another image with the name ${name}: ${found.ImageId ?? ''}`,
    hint: 'name this one with --name, or deregister the other one',
  });
}

/** The name of AWS's own error that an error for people was made from. */
const awsName = (error: unknown): string | undefined =>
  (error as { readonly cause?: { readonly name?: string } }).cause?.name;

/**
 * Registers the image of a completed snapshot. When the answer to a first try was lost, AWS refuses the second one,
 * because the name is taken: the image is then found by the token of the upload.
 */
export async function registerImage(
  region: AwsRegion,
  input: RegisterImageCommandInput,
  { token, signal }: { readonly token: string; readonly signal: AbortSignal },
): Promise<string> {
  const { RegisterImageCommand } = region.sdk.ec2;
  const registered = await region
    .ec2({
      operation: 'RegisterImage',
      signal,
      send: (client, options) => client.send(new RegisterImageCommand(input), options),
    })
    .catch(async (error: unknown) => {
      const [own] =
        awsName(error) === 'InvalidAMIName.Duplicate' ? await imagesOfUpload(region, token, signal) : [];
      if (own === undefined) throw error;
      return own;
    });
  if (registered.ImageId === undefined) throw new Error('RegisterImage answered without an image');
  return registered.ImageId;
}

/**
 * Waits until an image can be started, as long as it takes; a copy to another region may take an hour.
 * @throws IngotError publish-failed if it ends in an error
 */
export async function awaitImage(
  region: AwsRegion,
  id: string,
  { signal, note }: { readonly signal: AbortSignal; readonly note: Note },
): Promise<Image> {
  for (let looks = 0; ; looks += 1) {
    const [image] = await findImages(region, { name: 'image-id', value: id }, signal);
    if (image?.State === 'available') return image;
    if (image?.State === 'failed' || image?.State === 'error' || image?.State === 'invalid')
      throw new IngotError({
        code: 'publish-failed',
        message: `AWS, ${region.name}: the image ${id} ended in an error`,
        excerpt: [image.StateReason?.Message ?? 'AWS gave no reason'],
        hint: 'run the command again',
      });
    note(image?.State ?? 'not known yet');
    await region.clock.sleep(pollMs(looks), signal);
  }
}
