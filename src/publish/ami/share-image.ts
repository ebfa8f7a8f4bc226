import type { Image } from '@aws-sdk/client-ec2';
import { type AmiRequest, sharedWith } from './image-facts.ts';
import { snapshotOf } from './images.ts';
import type { AwsRegion } from './region.ts';

/** Lets the accounts of a request start an image, and copy its snapshot; an organization can only start it. */
async function shareImage(
  region: AwsRegion,
  request: AmiRequest,
  image: Image,
  signal: AbortSignal,
): Promise<void> {
  if (request.share.length === 0) return;
  const { accounts, organizations, units } = sharedWith(request);
  const permissions = [
    ...accounts.map((UserId) => ({ UserId })),
    ...organizations.map((OrganizationArn) => ({ OrganizationArn })),
    ...units.map((OrganizationalUnitArn) => ({ OrganizationalUnitArn })),
  ];
  const { ModifyImageAttributeCommand, ModifySnapshotAttributeCommand } = region.sdk.ec2;
  await region.ec2({
    operation: 'ModifyImageAttribute',
    signal,
    send: (client, options) =>
      client.send(
        new ModifyImageAttributeCommand({
          ImageId: image.ImageId,
          LaunchPermission: { Add: permissions },
        }),
        options,
      ),
  });
  const snapshot = snapshotOf(image);
  if (accounts.length === 0 || snapshot === undefined) return;
  await region.ec2({
    operation: 'ModifySnapshotAttribute',
    signal,
    send: (client, options) =>
      client.send(
        new ModifySnapshotAttributeCommand({
          SnapshotId: snapshot,
          Attribute: 'createVolumePermission',
          CreateVolumePermission: { Add: accounts.map((UserId) => ({ UserId })) },
        }),
        options,
      ),
  });
}

/** Sets when an image counts as deprecated; EC2 takes whole minutes in the future. */
async function deprecateImage(
  region: AwsRegion,
  { deprecateAfterSeconds }: AmiRequest,
  image: Image,
  signal: AbortSignal,
): Promise<void> {
  if (deprecateAfterSeconds === undefined) return;
  const { EnableImageDeprecationCommand } = region.sdk.ec2;
  const minute = 60_000;
  const at = Math.ceil((region.clock.now() + deprecateAfterSeconds * 1000) / minute) * minute;
  await region.ec2({
    operation: 'EnableImageDeprecation',
    signal,
    send: (client, options) =>
      client.send(
        new EnableImageDeprecationCommand({ ImageId: image.ImageId, DeprecateAt: new Date(at) }),
        options,
      ),
  });
}

/** Shares an available image and sets its date of deprecation, as requested. */
export async function finishImage(
  region: AwsRegion,
  request: AmiRequest,
  image: Image,
  signal: AbortSignal,
): Promise<void> {
  await shareImage(region, request, image, signal);
  await deprecateImage(region, request, image, signal);
}
