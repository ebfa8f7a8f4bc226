import { truncate } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { linearOf } from '../../doubles/aws/ebs.ts';
import { AmiLab, blockOf, checksumOf, makeDisk, newFolder, startDouble } from './ami-lab.ts';

const data = [0, 1, 2, 40, 127];

test('only the blocks that hold data are uploaded, each with the bytes of the disk', async () => {
  const aws = await startDouble();
  const lab = await AmiLab.open(data);
  const { images, upload } = await lab.publish();
  const [snapshot] = [...aws.account.snapshots.values()];
  expect(snapshot).toMatchObject({ state: 'completed', volumeGiB: 1 });
  expect([...(snapshot?.blocks ?? [])].sort(([one], [other]) => one - other)).toEqual(
    data.map((index) => [index, checksumOf(blockOf(index))]),
  );
  expect(upload).toMatchObject({ blocks: 5, sentBlocks: 5, repeats: 0, diskBytes: 64 * 1024 ** 2 });
  expect(upload?.checksum).toBe(snapshot && linearOf(snapshot));
  expect(upload?.latency.requests).toBe(5);
  expect(images).toEqual([
    { region: 'eu-central-1', image: expect.any(String) as string, snapshot: snapshot?.id },
  ]);
  expect(await lab.states()).toEqual([]);
});

test('a block that holds zeros and a block that is only partly on the disk are as on the disk', async () => {
  const aws = await startDouble();
  const whole = await makeDisk([0, 3], 64 * 1024 ** 2);
  // The file system says that all of it may be data; the last block ends after 3 bytes.
  const bytes = 3 * 524_288 + 3;
  const disk = { ...whole, bytes, data: [{ start: 0, length: bytes }] };
  const lab = new AmiLab(await newFolder(), disk);
  await truncate(disk.path, bytes);
  await lab.publish();
  const [snapshot] = [...aws.account.snapshots.values()];
  const last = Buffer.alloc(524_288);
  last.write('blo');
  expect([...(snapshot?.blocks ?? [])]).toEqual([
    [0, checksumOf(blockOf(0))],
    [3, checksumOf(last)],
  ]);
});

test('the image boots by UEFI or BIOS, answers only metadata version 2, and is tagged with what it is', async () => {
  const aws = await startDouble();
  const lab = await AmiLab.open();
  await lab.publish({ tags: { team: 'core', Name: 'mine' } });
  const [image] = [...aws.account.images.values()];
  expect(image?.request).toMatchObject({
    ...{ BootMode: 'uefi-preferred', ImdsSupport: 'v2.0', EnaSupport: true, Architecture: 'x86_64' },
    BlockDeviceMappings: [{ Ebs: { VolumeType: 'gp3', VolumeSize: 1, DeleteOnTermination: true } }],
  });
  expect(image?.request).not.toHaveProperty('TpmSupport');
  const tags = Object.fromEntries(image?.tags ?? []);
  expect(tags).toMatchObject({
    ...{ Name: 'mine', team: 'core', 'ingot:role': 'slave', 'ingot:version': '20261128-34df6ba5d428' },
    'ingot:root-hash': 'ab'.repeat(32),
  });
  expect(Object.fromEntries([...aws.account.snapshots.values()][0]?.tags ?? [])).toEqual(tags);
});

test('an attestable image boots only by UEFI, with a NitroTPM and the variables of Secure Boot', async () => {
  const aws = await startDouble();
  const lab = await AmiLab.open();
  await lab.publish({ attestable: true, uefiData: 'QU1aTlVFRkk=' });
  expect([...aws.account.images.values()][0]?.request).toMatchObject({
    ...{ BootMode: 'uefi', TpmSupport: 'v2.0', UefiData: 'QU1aTlVFRkk=' },
  });
});

test('it is copied to all regions at once, and shared and deprecated in each', async () => {
  const aws = await startDouble({ copyMs: 100 });
  const lab = await AmiLab.open();
  const regions = ['us-east-1', 'ap-south-1', 'sa-east-1'];
  const organization = 'arn:aws:organizations::111111111111:organization/o-abcdefghij';
  const { images } = await lab.publish({
    ...{ copyTo: regions, copyWithinMinutes: 15, tags: { team: 'core' }, deprecateAfterSeconds: 90 * 86_400 },
    share: ['222222222222', organization],
  });
  expect(images.map(({ region }) => region)).toEqual(['eu-central-1', ...regions]);
  // Every copy was asked for before the first one was available.
  const copies = aws.asked.flatMap((one, index) => (one.startsWith('CopyImage') ? [index] : []));
  const shared = aws.asked.flatMap((one, index) => (/^ModifyImageAttribute (?!eu)/.test(one) ? [index] : []));
  expect(copies).toHaveLength(3);
  expect(Math.max(...copies)).toBeLessThan(Math.min(...shared));
  for (const image of aws.account.images.values()) {
    expect(image.launchPermissions).toEqual([{ UserId: '222222222222' }, { OrganizationArn: organization }]);
    expect(image.deprecateAt?.getTime()).toBeGreaterThan(Date.now() + 89 * 86_400_000);
    expect(image.tags.get('team')).toBe('core');
    const snapshot = aws.account.snapshots.get(image.snapshot);
    expect([...(snapshot?.sharedWith ?? [])]).toEqual(['222222222222']);
    expect(snapshot?.tags.get('team')).toBe('core');
  }
  expect(aws.requests.find(({ operation }) => operation === 'CopyImage')?.input).toMatchObject({
    SnapshotCopyCompletionDurationMinutes: 15,
  });
});

test('an image that the account has is not uploaded again; only what is missing is made', async () => {
  const aws = await startDouble();
  const lab = await AmiLab.open();
  const first = await lab.publish();
  aws.asked.length = 0;
  const again = await lab.publish({ copyTo: ['us-east-1'] });
  expect(again.upload).toBeUndefined();
  expect(again.images[0]).toEqual(first.images[0]);
  expect(aws.asked.filter((one) => /Snapshot|Block/.test(one.split(' ')[0] ?? ''))).toEqual([]);
  expect([...aws.account.images.values()].map(({ region }) => region)).toEqual(['eu-central-1', 'us-east-1']);
});

test('another image with the same name stays as it is, and the upload is refused before it begins', async () => {
  const aws = await startDouble();
  const lab = await AmiLab.open();
  await lab.publish({ rootHash: 'cd'.repeat(32) });
  aws.asked.length = 0;
  await expect(lab.publish()).rejects.toMatchObject({
    code: 'publish-failed',
    message: expect.stringContaining('another image with the name') as unknown,
    hint: expect.stringContaining('--name') as unknown,
  });
  expect(aws.account.images.size).toBe(1);
  expect(aws.asked).not.toContain('StartSnapshot eu-central-1');
});
