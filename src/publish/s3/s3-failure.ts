import { IngotError } from '../../host/ingot-error.ts';

/** An answer of the server. */
export interface S3Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** A request that failed. */
export interface S3Failure {
  /** Whether another try may succeed. */
  readonly again: boolean;
  readonly error: (tries: number) => IngotError;
}

/** Error codes after which the same request may succeed (Amazon S3 API Reference, "Error responses"). */
const passing = new Set([
  'InternalError',
  'ServiceUnavailable',
  'SlowDown',
  'RequestTimeout',
  'OperationAborted',
]);

const permissions =
  'the key needs s3:ListBucket and s3:ListBucketMultipartUploads for the bucket, and s3:GetObject, s3:PutObject, s3:AbortMultipartUpload and s3:ListMultipartUploadParts for its objects';

const hints: Readonly<Record<string, string>> = {
  InvalidAccessKeyId: 'check AWS_ACCESS_KEY_ID or the profile, and that the key belongs to this server',
  SignatureDoesNotMatch: 'check AWS_SECRET_ACCESS_KEY or the profile',
  ExpiredToken: 'the session has expired: log in again',
  InvalidToken: 'check AWS_SESSION_TOKEN',
  AccessDenied: permissions,
  NoSuchBucket: 'create the bucket, or check its name and the endpoint (AWS_ENDPOINT_URL_S3)',
  PermanentRedirect: 'set AWS_REGION to the region of the bucket',
  AuthorizationHeaderMalformed: 'set AWS_REGION to the region of the bucket',
  IllegalLocationConstraintException: 'set AWS_REGION to the region of the bucket',
  QuotaExceeded: 'make space in the bucket, or raise its quota',
  XMinioStorageFull: 'the disks of the server are full: make space',
};

const field = (text: string, name: string): string | undefined =>
  new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1];

const entities: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
  '&amp;': '&',
};

/** Reads the text of an element of an answer of S3, whose XML has neither comments nor CDATA. */
export function elementText(text: string, name: string): string | undefined {
  return field(text, name)?.replaceAll(/&(?:lt|gt|quot|apos|amp);/g, (entity) => entities[entity] ?? entity);
}

/** The contents of all elements of a name, which do not contain one another. */
export function elementsOf(text: string, name: string): string[] {
  return [...text.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, 'gs'))].map(([, content = '']) => content);
}

const triesText = (tries: number): string => (tries > 1 ? ` in each of ${tries} tries` : '');
const unchanged = 'what was published before is unchanged';

/** Explains an answer that is a failure. Of what the server says, only its code, message and region are shown. */
export function failureOf(
  { status, headers, text }: S3Reply,
  { url, now }: { readonly url: URL; readonly now: number },
): S3Failure {
  const code = elementText(text, 'Code') ?? (status === 403 ? 'AccessDenied' : `HTTP ${status}`);
  const message = elementText(text, 'Message');
  if (code === 'RequestTimeTooSkewed')
    return {
      again: false,
      error: () =>
        new IngotError({
          code: 'host-not-ready',
          message: `${url.host} refuses the request: the clock of this host says ${new Date(now).toISOString()}, and that of the server ${headers.get('date') ?? 'something else'}`,
          hint: 'set the clock (timedatectl set-ntp true), and publish again',
        }),
    };
  const region = elementText(text, 'Region') ?? headers.get('x-amz-bucket-region') ?? undefined;
  const excerpt = [
    ...(message === undefined ? [] : [message]),
    ...(region === undefined ? [] : [`the bucket is in the region ${region}`]),
  ];
  return {
    again: status >= 500 || status === 429 || passing.has(code),
    error: (tries) =>
      new IngotError({
        code: 'publish-failed',
        message: `${url.host} answered ${code} for ${decodeURIComponent(url.pathname)}${triesText(tries)}; ${unchanged}`,
        excerpt,
        hint: hints[code] ?? 'publish again: complete files are not sent again',
      }),
  };
}

/** The message of the innermost cause, because fetch(3) itself only reports "fetch failed". */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message;
}

/** Explains a request without an answer. */
export function unanswered(url: URL, cause: unknown): S3Failure {
  return {
    again: true,
    error: (tries) =>
      new IngotError({
        code: 'publish-failed',
        message: `${url.host} gives no answer${triesText(tries)}: ${reasonOf(cause)}; ${unchanged}`,
        hint: 'check the endpoint (AWS_ENDPOINT_URL_S3) and the network, and publish again: complete files are not sent again',
        cause,
      }),
  };
}
