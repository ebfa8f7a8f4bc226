import { describe, expect, test } from 'vitest';
import { readEbsRequest, readEc2Request, writeEc2Answer } from '../../../doubles/aws/model.ts';

// The double of AWS reads requests with the SDK's own models; these tests look for what it must not accept.
describe('the double of AWS', () => {
  const ec2 = (action: string, parameters: Record<string, string>) =>
    readEc2Request(action, new URLSearchParams({ Action: action, Version: '2016-11-15', ...parameters }));

  test('reads a request of EC2 with its lists and structures', () => {
    expect(
      ec2('RegisterImage', {
        Name: 'x',
        EnaSupport: 'true',
        'BlockDeviceMapping.1.DeviceName': '/dev/xvda',
        'BlockDeviceMapping.1.Ebs.VolumeSize': '2',
      }),
    ).toEqual({
      Name: 'x',
      EnaSupport: true,
      BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 2 } }],
    });
  });

  test.each([
    ['an unknown member', 'RegisterImage', { Name: 'x', Firmware: 'uefi' }],
    ['a member of another type', 'RegisterImage', { Name: 'x', EnaSupport: 'yes' }],
    ['a list with a gap', 'RegisterImage', { Name: 'x', 'BlockDeviceMapping.2.DeviceName': 'd' }],
    ['a missing member', 'CopyImage', { Name: 'x', SourceRegion: 'eu-central-1' }],
    ['an unknown action', 'MakeImage', {}],
  ] as const)('refuses %s', (_, action, parameters) => {
    expect(() => ec2(action, parameters)).toThrow();
  });

  const block = {
    labels: { SnapshotId: 'snap-1', BlockIndex: '3' },
    headers: { 'x-amz-data-length': '524288', 'x-amz-checksum': 'c', 'x-amz-checksum-algorithm': 'SHA256' },
    body: Buffer.alloc(1),
  };

  test('refuses a block without its checksum, and one with an unknown header', () => {
    expect(readEbsRequest('PutSnapshotBlock', block)).toMatchObject({ BlockIndex: 3, DataLength: 524_288 });
    const without = Object.fromEntries(
      Object.entries(block.headers).filter(([name]) => name !== 'x-amz-checksum'),
    ) as typeof block.headers;
    expect(() => readEbsRequest('PutSnapshotBlock', { ...block, headers: without })).toThrow(
      'Checksum is missing',
    );
    const more = { ...block.headers, 'x-amz-checksum-sha1': 'c' };
    expect(() => readEbsRequest('PutSnapshotBlock', { ...block, headers: more })).toThrow('unknown members');
  });

  test('cannot answer with what the model does not have', () => {
    expect(() => writeEc2Answer('DescribeImages', { Images: [{ Id: 'ami-1' }] })).toThrow(
      'which the model lacks',
    );
    expect(writeEc2Answer('DescribeImages', { Images: [{ ImageId: 'ami-<1>' }] })).toContain(
      '<imagesSet><item><imageId>ami-&#60;1&#62;</imageId></item></imagesSet>',
    );
  });
});
