import { IngotError } from '../../host/ingot-error.ts';
import type { AwsSettings } from './aws-settings.ts';
import { encodeKey } from './sign-request.ts';

export interface BucketAddress {
  readonly bucket: string;
  /** Without slashes at its ends; '' for the whole bucket. */
  readonly prefix: string;
}

/**
 * Parses s3://BUCKET/PREFIX (Amazon S3 User Guide, "General purpose bucket naming rules").
 * @throws IngotError wrong-usage
 */
export function parseBucket(to: string): BucketAddress {
  const [, bucket, path = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/s.exec(to) ?? [];
  const prefix = path.replaceAll(/^\/+|\/+$/g, '');
  if (
    bucket !== undefined &&
    /^[\w!.*'() +=@:/-]*$/.test(prefix) &&
    !/(?:^|\/)\.{0,2}(?:\/|$)/.test(prefix || 'x')
  )
    return { bucket, prefix };
  throw new IngotError({
    code: 'wrong-usage',
    message: `${JSON.stringify(to)} is not an address of S3`,
    hint: 'name s3://BUCKET or s3://BUCKET/PREFIX: small letters, digits, dots and hyphens in the bucket; ASCII without . and .. as parts in the prefix',
  });
}

/**
 * Returns the URL of an object, or of the bucket for an empty key. AWS wants the bucket in the host name; other servers,
 * and buckets whose dots fit no certificate, get it in the path.
 * @throws IngotError wrong-usage for an endpoint that is not a URL
 */
export function objectUrl(
  { endpoint, region }: Pick<AwsSettings, 'endpoint' | 'region'>,
  bucket: string,
  key: string,
): URL {
  if (endpoint === undefined && !bucket.includes('.'))
    return new URL(`https://${bucket}.s3.${region}.amazonaws.com/${encodeKey(key)}`);
  const base = endpoint ?? `https://s3.${region}.amazonaws.com`;
  if (!URL.canParse(base) || !/^https?:\/\//.test(base))
    throw new IngotError({
      code: 'wrong-usage',
      message: `the endpoint of S3 is not a URL: ${base}`,
      hint: 'set AWS_ENDPOINT_URL_S3 to a URL such as https://minio.example:9000',
    });
  return new URL(
    `${base.replace(/\/+$/, '')}/${bucket}/${encodeKey(key)}`.replace(/\/$/, key === '' ? '' : '/'),
  );
}
