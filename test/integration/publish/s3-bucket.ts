import { onTestFinished } from 'vitest';
import type { AdmittedVersion } from '../../../src/publish/admit.ts';
import { bucketOfFiles } from '../../../src/publish/s3/s3-place.ts';
import { publishFiles } from '../../../src/publish/tree/publish-files.ts';
import { S3Double } from './s3-double.ts';
import { type Reader, requestOf } from './sample-places.ts';

/** The size of the parts of large files, the smallest that S3 takes. */
export const partBytes = 5 * 1024 ** 2;

/** A double of S3 with a bucket, until the test ends, and a publication to it. */
export async function bucket() {
  const double = new S3Double();
  const endpoint = await double.start();
  onTestFinished(() => {
    double.stop();
  });
  const credentials = { accessKeyId: double.accessKeyId, secretAccessKey: double.secretAccessKey };
  const settings = { credentials, region: double.region, endpoint };
  // A prefix that has to be encoded.
  const prefix = 'racks/r 1+(a)';
  const reader: Reader = (path) => Promise.resolve(double.objects.get(`${prefix}/${path}`)?.bytes);
  const publish = (
    version: AdmittedVersion,
    { signal = new AbortController().signal, change = {}, now = () => Date.now() } = {},
  ) => {
    const options = {
      ...{ bucket: 'images', prefix, signal, pauseMs: 2, partBytes, now },
      settings: { ...settings, ...change },
    };
    return publishFiles(bucketOfFiles(options), requestOf(`s3://images/${prefix}`, [version], { signal }));
  };
  return { double, endpoint, settings, reader, publish, prefix };
}
