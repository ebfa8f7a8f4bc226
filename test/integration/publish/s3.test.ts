import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeHost } from '../../../src/host/make-host.ts';
import type { AdmittedVersion } from '../../../src/publish/admit.ts';
import { bucketOfFiles, publishToBucket } from '../../../src/publish/s3/s3-place.ts';
import { publishFiles } from '../../../src/publish/tree/publish-files.ts';
import { rejection, sharedFolder, temporaryFolder } from '../../samples/temporary.ts';
import { bucket, partBytes } from './s3-bucket.ts';
import { bootFrom, bootWhile, requestOf, sampleVersion } from './sample-places.ts';

const host = makeHost();
const work = sharedFolder();
let old: AdmittedVersion;
/** Its root has three parts. */
let next: AdmittedVersion;
beforeAll(async () => {
  old = await sampleVersion(work(), 'old', { rootBytes: 1000 });
  next = await sampleVersion(work(), 'new', { rootBytes: 2 * partBytes + 1 });
});

test('files come first, large ones in parts, and the pointers last; a machine boots one version at any moment', async () => {
  const { double, reader, publish, prefix } = await bucket();
  await publish(old);
  expect(await bootFrom(reader)).toBe('old');
  double.seen.length = 0;
  const booted = await bootWhile(reader, publish(next));
  expect(['old', 'old new', 'new']).toContain(booted.join(' '));
  expect(await bootFrom(reader)).toBe('new');
  expect(double.seen.filter((one) => one.endsWith('?partNumber&uploadId'))).toHaveLength(3);
  const written = double.seen.filter((one) => one.startsWith('PUT')).slice(-3);
  expect(written).toEqual(['json', 'ipxe', 'cfg'].map((kind) => `PUT ${prefix}/slave.${kind}`));
  expect(double.uploads.size).toBe(0);
  expect(double.objects.get(`${prefix}/slave.ipxe`)?.headers['cache-control']).toBe('no-cache');
});

test('what the bucket has is not sent again, and an object that was replaced there is mended', async () => {
  const { double, reader, publish } = await bucket();
  await publish(next);
  expect((await publish(next)).sentBytes).toBe(0);
  const key =
    [...double.objects.keys()].find((one) => one.endsWith('/root.squashfs') && !one.includes('netboot')) ??
    '';
  const stored = double.objects.get(key);
  if (stored === undefined) throw new Error(key);
  const bytes = Buffer.from(stored.bytes);
  bytes[7] = 0;
  double.objects.set(key, { ...stored, bytes, checksum: 'YWx0ZXJlZA==-3' });
  expect((await publish(next)).sentBytes).toBe(bytes.length);
  expect(await bootFrom(reader)).toBe('new');
});

describe('at every request', () => {
  const middle = partBytes + 1;
  const faults = [
    'cut before',
    'cut after',
    { status: 500, code: 'InternalError' },
    { status: 503, code: 'SlowDown' },
  ] as const;

  test('a failure, and another one at once after it, is survived', async () => {
    const version = await sampleVersion(await temporaryFolder(), 'other', { rootBytes: middle });
    const count = await bucket();
    await count.publish(version);
    for (let failing = 0; failing < count.double.seen.length; failing += 1) {
      const { double, reader, publish } = await bucket();
      double.fate = (_, index) =>
        index === failing || index === failing + 1
          ? (faults[(failing + 2 * (index - failing)) % faults.length] ?? 'as usual')
          : 'as usual';
      await publish(version);
      expect(await bootFrom(reader), String(count.double.seen[failing])).toBe('other');
      double.stop();
    }
  });

  test('a failure that lasts leaves the old version, nothing half, and no unfinished upload', async () => {
    const version = await sampleVersion(await temporaryFolder(), 'other', { rootBytes: middle });
    const count = await bucket();
    await count.publish(old);
    const before = count.double.seen.length;
    await count.publish(version);
    const requests = count.double.seen.slice(before);
    // The pointers are written one after the other: a machine reads only one of them.
    const lasting = requests.findIndex((one) => one.startsWith('PUT') && one.endsWith('slave.ipxe'));
    for (let failing = 0; failing <= lasting; failing += 1) {
      const { double, reader, publish } = await bucket();
      await publish(old);
      const first = double.seen.length + failing;
      const broken = requests[failing];
      double.fate = (seen, index) => (index >= first && seen === broken ? 'cut before' : 'as usual');
      const error = await rejection(publish(version));
      expect(error, broken).toMatchObject({ code: 'publish-failed' });
      expect(await bootFrom(reader)).toBe('old');
      expect(double.uploads.size, broken).toBe(0);
      double.fate = () => 'as usual';
      await publish(version);
      expect(await bootFrom(reader)).toBe('other');
      double.stop();
    }
  });

  test('Ctrl-C in the middle of a large file leaves no unfinished upload', async () => {
    const { double, reader, publish } = await bucket();
    await publish(old);
    const stop = new AbortController();
    double.fate = (seen) => {
      if (seen.includes('partNumber')) stop.abort(new Error('interrupted'));
      return 'as usual';
    };
    await expect(publish(next, { signal: stop.signal })).rejects.toThrow('interrupted');
    expect(double.uploads.size).toBe(0);
    expect(await bootFrom(reader)).toBe('old');
  });
});

describe('it changes nothing and says why, without the secret,', () => {
  const wrong = async (change: object, options: { readonly now?: () => number } = {}) => {
    const { double, publish } = await bucket();
    const error = await rejection(publish(old, { change, ...options }));
    expect(double.objects.size).toBe(0);
    expect(JSON.stringify([error.message, error.excerpt, error.hint])).not.toContain(double.secretAccessKey);
    return { error, double };
  };

  test('for a wrong secret', async () => {
    const { error } = await wrong({ credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wrong' } });
    expect(error.message).toContain('SignatureDoesNotMatch');
    expect(error.hint).toContain('AWS_SECRET_ACCESS_KEY');
  });

  test('for a key that the server does not know', async () => {
    const { error } = await wrong({ credentials: { accessKeyId: 'AKIDOTHER', secretAccessKey: 'x' } });
    expect(error.hint).toContain('AWS_ACCESS_KEY_ID');
  });

  test('for the wrong region', async () => {
    expect((await wrong({ region: 'us-east-1' })).error.hint).toContain('AWS_REGION');
  });

  test('for a clock that is an hour behind', async () => {
    const { error } = await wrong({}, { now: () => Date.now() - 3_600_000 });
    expect(error).toMatchObject({ code: 'host-not-ready' });
    expect(error.message).toContain('the clock of this host says');
  });

  test('for a server that does not answer', async () => {
    const { error } = await wrong({ endpoint: 'http://127.0.0.1:1' });
    expect(error.message).toContain('in each of 5 tries');
  });

  test('for a key that may not write', async () => {
    const { double, publish } = await bucket();
    double.forbidden.add('PUT');
    const error = await rejection(publish(old));
    expect(error.hint).toContain('s3:PutObject');
  });

  test('for a bucket that does not exist', async () => {
    const { double, settings } = await bucket();
    const signal = new AbortController().signal;
    const options = { bucket: 'nothing', prefix: '', signal, pauseMs: 2, now: () => Date.now(), settings };
    const error = await rejection(publishFiles(bucketOfFiles(options), requestOf('s3://nothing', [old])));
    expect(error.message).toContain('NoSuchBucket');
    expect(double.objects.size).toBe(0);
  });

  test('for a version that has changed since it was verified', async () => {
    const altered = await sampleVersion(await temporaryFolder(), 'altered', { rootBytes: 1000 });
    await writeFile(join(altered.folder, 'netboot', 'vmlinuz'), 'altered kErnel');
    const { reader, publish } = await bucket();
    await publish(old);
    expect(await rejection(publish(altered))).toMatchObject({ code: 'damaged-version' });
    expect(await bootFrom(reader)).toBe('old');
  });

  test('for an object of somebody else that has the name of a pointer', async () => {
    const { double, publish, prefix } = await bucket();
    const stored = { bytes: Buffer.from('#!ipxe\nshell\n'), headers: {}, checksum: undefined };
    double.objects.set(`${prefix}/slave.ipxe`, stored);
    expect((await rejection(publish(old))).message).toContain('that ingot did not write');
    expect([...double.objects.keys()]).toEqual([`${prefix}/slave.ipxe`]);
  });
});

test('two publications at once leave one of the two versions, whole', async () => {
  const { reader, publish } = await bucket();
  await Promise.all([old, next, old].map((version) => publish(version)));
  expect(['old', 'new']).toContain(await bootFrom(reader));
});

test('credentials and the endpoint come from the profile of the user', async () => {
  const { double, endpoint, settings } = await bucket();
  const home = await temporaryFolder();
  const { accessKeyId, secretAccessKey } = settings.credentials;
  await writeFile(
    join(home, 'credentials'),
    `[default]\naws_access_key_id = no\naws_secret_access_key = no\n\n[store]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`,
  );
  await writeFile(
    join(home, 'config'),
    `[profile store]\nregion = ${double.region}\nendpoint_url = ${endpoint}\n`,
  );
  const env = {
    AWS_PROFILE: 'store',
    AWS_SHARED_CREDENTIALS_FILE: join(home, 'credentials'),
    AWS_CONFIG_FILE: join(home, 'config'),
  };
  const { address } = await publishToBucket(host, requestOf('s3://images', [old], { env }));
  expect(address).toBe('s3://images');
  expect([...double.objects.keys()]).toContain('slave.ipxe');
});
