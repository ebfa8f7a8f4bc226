import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { makeHost } from '../../../../src/host/make-host.ts';
import { awsSettings, parseProfiles } from '../../../../src/publish/s3/aws-settings.ts';
import { objectUrl, parseBucket } from '../../../../src/publish/s3/bucket-address.ts';
import { rejection, temporaryFolder } from '../../../samples/temporary.ts';

const host = makeHost();
let home: string;
beforeEach(async () => {
  home = await temporaryFolder();
  await mkdir(join(home, '.aws'));
});
const settings = (env: Record<string, string>) => awsSettings(host, { HOME: home, ...env });

test('the environment comes before the files, and AWS_PROFILE before the environment', async () => {
  await writeFile(
    join(home, '.aws', 'credentials'),
    '# comment\n[default]\naws_access_key_id=a\naws_secret_access_key = b\n[other]\naws_access_key_id = c\naws_secret_access_key = d = e\naws_session_token = f\n',
  );
  await writeFile(join(home, '.aws', 'config'), '[default]\nregion = eu-north-1\ns3 =\n  region = no\n');
  expect(await settings({})).toEqual({
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    region: 'eu-north-1',
    endpoint: undefined,
  });
  const own = { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'y' };
  expect((await settings(own)).credentials).toEqual({ accessKeyId: 'x', secretAccessKey: 'y' });
  expect(
    await settings({ ...own, AWS_PROFILE: 'other', AWS_REGION: 'r', AWS_ENDPOINT_URL: 'http://h' }),
  ).toEqual({
    credentials: { accessKeyId: 'c', secretAccessKey: 'd = e', sessionToken: 'f' },
    region: 'r',
    endpoint: 'http://h',
  });
});

test('credential_process of a profile is run', async () => {
  const answer = JSON.stringify({ Version: 1, AccessKeyId: 'p', SecretAccessKey: 'q', SessionToken: 't' });
  await writeFile(join(home, 'answer'), answer);
  await writeFile(join(home, '.aws', 'config'), `[profile sso]\ncredential_process = cat ${home}/answer\n`);
  expect((await settings({ AWS_PROFILE: 'sso' })).credentials).toEqual({
    ...{ accessKeyId: 'p', secretAccessKey: 'q', sessionToken: 't' },
  });
});

test('without credentials it names every place that was searched', async () => {
  const error = await rejection(settings({ AWS_PROFILE: 'none', AWS_ACCESS_KEY_ID: 'x' }));
  expect(error).toMatchObject({ code: 'host-not-ready' });
  for (const place of [
    'AWS_ACCESS_KEY_ID',
    'profile none',
    `${home}/.aws/credentials`,
    `${home}/.aws/config`,
  ])
    expect(error.message).toContain(place);
});

test('sections of both files are the same profile', () => {
  expect([...parseProfiles('[profile a b]\r\nX = 1\n[c]\ny=2').entries()]).toEqual([
    ['a b', { x: '1' }],
    ['c', { y: '2' }],
  ]);
});

test('AWS has the bucket in the host name, other servers have it in the path', () => {
  const aws = { endpoint: undefined, region: 'eu-west-1' };
  expect(objectUrl(aws, 'images', 'a b/c').href).toBe('https://images.s3.eu-west-1.amazonaws.com/a%20b/c');
  expect(objectUrl(aws, 'my.images', 'a').href).toBe('https://s3.eu-west-1.amazonaws.com/my.images/a');
  const minio = { endpoint: 'https://minio.example:9000/', region: 'x' };
  expect(objectUrl(minio, 'images', 'a+b').href).toBe('https://minio.example:9000/images/a%2Bb');
  expect(objectUrl(minio, 'images', '').href).toBe('https://minio.example:9000/images');
  expect(() => objectUrl({ endpoint: 'minio:9000', region: '' }, 'images', '')).toThrow(/not a URL/);
});

test.each([
  ['s3://images', { bucket: 'images', prefix: '' }],
  ['s3://my.images/racks/1/', { bucket: 'my.images', prefix: 'racks/1' }],
])('%s is an address of S3', (to, address) => {
  expect(parseBucket(to)).toEqual(address);
});

test.each([
  's3://',
  's3://Images/a',
  's3://a',
  's3://images/a//b',
  's3://images/../b',
  's3://images/a\nb',
  's3://images/a?b',
])('%j is refused', (to) => {
  expect(() => parseBucket(to)).toThrow(expect.objectContaining({ code: 'wrong-usage' }));
});
