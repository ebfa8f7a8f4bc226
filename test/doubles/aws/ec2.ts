import type { Account, DoubleImage, DoubleSnapshot } from './account.ts';
import { quotas } from './limits.ts';
import type { Shape } from './model.ts';
import { Refusal } from './refusal.ts';

export interface Ec2Context {
  readonly account: Account;
  readonly region: string;
  readonly now: number;
  /** How long an image or a copy is pending, in milliseconds. */
  readonly settleMs: number;
  readonly copyMs: number;
}

interface Filter {
  readonly Name?: string;
  readonly Values?: readonly string[];
}
interface TagSpecification {
  readonly ResourceType?: string;
  readonly Tags?: readonly { readonly Key?: string; readonly Value?: string }[];
}

const tagSet = (tags: ReadonlyMap<string, string>) => [...tags].map(([Key, Value]) => ({ Key, Value }));

function tagsFor(input: Shape, type: string): Map<string, string> {
  const all = (input['TagSpecifications'] ?? []) as readonly TagSpecification[];
  const types = all.map(({ ResourceType }) => ResourceType);
  if (types.some((one) => one !== 'image' && one !== 'snapshot'))
    throw new Refusal(
      'InvalidParameterValue',
      `${types.join()} is not a resource type that can be tagged here`,
    );
  const tags = all.filter(({ ResourceType }) => ResourceType === type).flatMap(({ Tags }) => Tags ?? []);
  return new Map(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}

function passes(input: Shape, fields: (name: string) => string | undefined): boolean {
  return ((input['Filters'] ?? []) as readonly Filter[]).every(({ Name = '', Values = [] }) =>
    Values.includes(fields(Name) ?? '\0'),
  );
}

const needsSelf = (value: unknown, what: string): void => {
  if (!Array.isArray(value) || value.join() !== 'self')
    throw new Refusal('InvalidParameterValue', `without ${what} this lists the images of the whole world`);
};

function describeSnapshots({ account, region, now }: Ec2Context, input: Shape): Shape {
  needsSelf(input['OwnerIds'], 'OwnerIds');
  const found = [...account.snapshots.values()].filter(
    (one) =>
      one.region === region &&
      one.knownFrom <= now &&
      passes(input, (name) => {
        if (name === 'snapshot-id') return one.id;
        if (name.startsWith('tag:')) return one.tags.get(name.slice(4));
        throw new Refusal('InvalidParameterValue', `The filter '${name}' is invalid`);
      }),
  );
  return {
    Snapshots: found.map((one) => ({
      SnapshotId: one.id,
      State: one.state,
      Progress: one.state === 'completed' ? '100%' : '50%',
      VolumeSize: one.volumeGiB,
      OwnerId: '111111111111',
      Tags: tagSet(one.tags),
    })),
  };
}

function imageSet({ id, name, state, request, tags, snapshot, deprecateAt }: DoubleImage): Shape {
  return {
    ...{ ImageId: id, Name: name, State: state, OwnerId: '111111111111', Tags: tagSet(tags) },
    BootMode: request['BootMode'],
    TpmSupport: request['TpmSupport'],
    BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { SnapshotId: snapshot } }],
    DeprecationTime: deprecateAt?.toISOString(),
  };
}

function describeImages({ account, region }: Ec2Context, input: Shape): Shape {
  needsSelf(input['Owners'], 'Owners');
  const found = [...account.images.values()].filter(
    (one) =>
      one.region === region &&
      passes(input, (name) => {
        if (name === 'image-id') return one.id;
        if (name === 'name') return one.name;
        if (name.startsWith('tag:')) return one.tags.get(name.slice(4));
        throw new Refusal('InvalidParameterValue', `The filter '${name}' is invalid`);
      }),
  );
  return { Images: found.map(imageSet) };
}

function requireName({ account, region }: Ec2Context, name: string): void {
  if (!/^[A-Za-z0-9()[\] ./\-'@_]{3,128}$/.test(name))
    throw new Refusal('InvalidAMIName.Malformed', 'AMI names must be between 3 and 128 characters long');
  const other = [...account.images.values()].find((one) => one.region === region && one.name === name);
  if (other !== undefined)
    throw new Refusal('InvalidAMIName.Duplicate', `AMI name ${name} is already in use by AMI ${other.id}`);
}

function registerImage(context: Ec2Context, input: Shape): Shape {
  const { account, region, now } = context;
  requireName(context, String(input['Name']));
  const [device] = (input['BlockDeviceMappings'] ?? []) as readonly {
    readonly DeviceName?: string;
    readonly Ebs?: {
      readonly SnapshotId?: string;
      readonly VolumeSize?: number;
      readonly VolumeType?: string;
    };
  }[];
  const snapshot = account.snapshots.get(device?.Ebs?.SnapshotId ?? '');
  if (snapshot?.region !== region || device?.DeviceName !== input['RootDeviceName'])
    throw new Refusal(
      'InvalidSnapshot.NotFound',
      `The snapshot '${device?.Ebs?.SnapshotId ?? ''}' does not exist.`,
    );
  if (snapshot.state !== 'completed')
    throw new Refusal('IncorrectState', `Snapshot is in ${snapshot.state} state`);
  if ((device?.Ebs?.VolumeSize ?? snapshot.volumeGiB) < snapshot.volumeGiB)
    throw new Refusal('InvalidBlockDeviceMapping', 'Volume is smaller than the snapshot');
  if (input['TpmSupport'] !== undefined && input['BootMode'] !== 'uefi')
    throw new Refusal('InvalidParameterCombination', 'TpmSupport v2.0 requires the boot mode uefi');
  if (!['uefi', 'legacy-bios', 'uefi-preferred', undefined].includes(input['BootMode'] as string | undefined))
    throw new Refusal('InvalidParameterValue', 'BootMode is not valid');
  if (input['Architecture'] !== 'x86_64' || input['VirtualizationType'] !== 'hvm')
    throw new Refusal('InvalidParameterCombination', 'uefi needs hvm');
  const image: DoubleImage = {
    ...{ id: account.id('ami'), region, name: String(input['Name']), request: input },
    ...{ tags: tagsFor(input, 'image'), snapshot: snapshot.id, state: 'pending' },
    ...{ availableFrom: now + context.settleMs, clientToken: undefined, launchPermissions: [] },
    deprecateAt: undefined,
  };
  account.images.set(image.id, image);
  return { ImageId: image.id };
}

function copyImage(context: Ec2Context, input: Shape): Shape {
  const { account, region, now } = context;
  const token = input['ClientToken'] as string | undefined;
  if (token !== undefined && token.length > 64)
    throw new Refusal('InvalidParameterValue', 'ClientToken is longer than 64 characters');
  const again = [...account.images.values()].find(
    (one) => one.region === region && token !== undefined && one.clientToken === token,
  );
  if (again !== undefined) return { ImageId: again.id };
  const source = account.images.get(String(input['SourceImageId']));
  if (source === undefined || source.region !== input['SourceRegion'])
    throw new Refusal(
      'InvalidAMIID.NotFound',
      `The image id '[${String(input['SourceImageId'])}]' does not exist`,
    );
  if (source.state !== 'available') throw new Refusal('IncorrectState', 'The source image is not available');
  const minutes = input['SnapshotCopyCompletionDurationMinutes'];
  if (minutes !== undefined && (Number(minutes) % 15 !== 0 || Number(minutes) < 15 || Number(minutes) > 2880))
    throw new Refusal('InvalidParameterValue', 'The duration is 15 to 2880 minutes in steps of 15');
  requireName(context, String(input['Name']));
  const running = [...account.images.values()].filter(
    (one) => one.region === region && one.clientToken !== undefined && one.state === 'pending',
  );
  if (running.length >= quotas.copiesAtOnce)
    throw new Refusal('ResourceLimitExceeded', 'Too many snapshot copies in progress. The limit is 20.');
  const of = account.snapshots.get(source.snapshot);
  if (of === undefined) throw new Refusal('InvalidSnapshot.NotFound', 'The snapshot does not exist.');
  const snapshot: DoubleSnapshot = {
    ...{ ...of, id: account.id('snap'), region, tags: tagsFor(input, 'snapshot'), state: 'pending' },
    ...{ completeFrom: now + context.copyMs, clientToken: undefined, sharedWith: new Set<string>() },
  };
  const image: DoubleImage = {
    ...{ id: account.id('ami'), region, name: String(input['Name']), request: source.request },
    ...{ tags: tagsFor(input, 'image'), snapshot: snapshot.id, state: 'pending' },
    ...{ availableFrom: now + context.copyMs, clientToken: token ?? '', launchPermissions: [] },
    deprecateAt: undefined,
  };
  account.snapshots.set(snapshot.id, snapshot);
  account.images.set(image.id, image);
  return { ImageId: image.id };
}

function imageOf({ account, region }: Ec2Context, id: unknown): DoubleImage {
  const found = account.images.get(String(id));
  if (found?.region === region) return found;
  throw new Refusal('InvalidAMIID.NotFound', `The image id '[${String(id)}]' does not exist`);
}

function snapshotOf({ account, region }: Ec2Context, id: unknown): DoubleSnapshot {
  const found = account.snapshots.get(String(id));
  if (found?.region === region) return found;
  throw new Refusal('InvalidSnapshot.NotFound', `The snapshot '${String(id)}' does not exist.`);
}

function deleteSnapshot(context: Ec2Context, input: Shape): Shape {
  const snapshot = snapshotOf(context, input['SnapshotId']);
  const user = [...context.account.images.values()].find((one) => one.snapshot === snapshot.id);
  if (user !== undefined)
    throw new Refusal(
      'InvalidSnapshot.InUse',
      `The snapshot ${snapshot.id} is currently in use by ${user.id}`,
    );
  context.account.snapshots.delete(snapshot.id);
  return {};
}

function modifyImage(context: Ec2Context, input: Shape): Shape {
  const image = imageOf(context, input['ImageId']);
  if (image.state !== 'available') throw new Refusal('IncorrectState', 'The image is not available');
  const { Add = [] } = (input['LaunchPermission'] ?? {}) as {
    readonly Add?: readonly { readonly UserId?: string }[];
  };
  for (const who of Add)
    if (who.UserId !== undefined && !/^\d{12}$/.test(who.UserId))
      throw new Refusal('InvalidAMIAttributeItemValue', `Invalid attribute item value: ${who.UserId}`);
  image.launchPermissions.push(...Add);
  return {};
}

function modifySnapshot(context: Ec2Context, input: Shape): Shape {
  const snapshot = snapshotOf(context, input['SnapshotId']);
  const { Add = [] } = (input['CreateVolumePermission'] ?? {}) as {
    readonly Add?: readonly { UserId?: string }[];
  };
  for (const { UserId } of Add) if (UserId !== undefined) snapshot.sharedWith.add(UserId);
  return {};
}

function deprecate(context: Ec2Context, input: Shape): Shape {
  const at = input['DeprecateAt'] as Date;
  if (at.getTime() <= context.now || at.getTime() > context.now + 10 * 366 * 86_400_000)
    throw new Refusal('InvalidParameterValue', 'The deprecation date must be in the future, within 10 years');
  imageOf(context, input['ImageId']).deprecateAt = at;
  return { Return: true };
}

const actions: Readonly<Record<string, (context: Ec2Context, input: Shape) => Shape>> = {
  DescribeSnapshots: describeSnapshots,
  DescribeImages: describeImages,
  RegisterImage: registerImage,
  CopyImage: copyImage,
  DeregisterImage: (context, input) => {
    context.account.images.delete(imageOf(context, input['ImageId']).id);
    return { Return: true };
  },
  DeleteSnapshot: deleteSnapshot,
  ModifyImageAttribute: modifyImage,
  ModifySnapshotAttribute: modifySnapshot,
  EnableImageDeprecation: deprecate,
};

/** Answers one action. @throws Refusal */
export function answerEc2(context: Ec2Context, action: string, input: Shape): Shape {
  const answer = actions[action];
  if (answer === undefined) throw new Refusal('InvalidAction', `The action ${action} is not valid`);
  return answer(context, input);
}
