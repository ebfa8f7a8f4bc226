import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Refusal } from './refusal.ts';

/** A key with which requests are signed. */
export interface AccessKey {
  readonly id: string;
  readonly secret: string;
  readonly sessionToken?: string;
  /** Its session is over. */
  readonly expired?: boolean;
}

export interface SignedBy {
  readonly key: AccessKey;
  readonly region: string;
}

const hmac = (key: Buffer | string, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const sha256 = (data: Buffer | string): string => createHash('sha256').update(data).digest('hex');

const timeOf = (text: string): number =>
  Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));

/** Signatures are valid for five minutes. */
const validMs = 300_000;

interface Wanted {
  readonly service: 'ebs' | 'ec2';
  readonly keys: readonly AccessKey[];
  readonly now: number;
  readonly body: Buffer;
}

const invalid = (service: Wanted['service'], message: string): Refusal =>
  service === 'ebs'
    ? new Refusal('InvalidSignatureException', message, { status: 403 })
    : new Refusal('AuthFailure', 'AWS was not able to validate the provided access credentials', {
        status: 401,
      });

/**
 * Checks the signature of a request as AWS does (AWS Signature Version 4), written from its documentation.
 * @throws Refusal
 */
export function checkSignature(request: IncomingMessage, { service, keys, now, body }: Wanted): SignedBy {
  const { headers } = request;
  const match =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    );
  if (match === null)
    throw new Refusal('MissingAuthenticationTokenException', 'Missing Authentication Token', { status: 403 });
  const [, id = '', day = '', region = '', signedFor = '', names = '', signature = ''] = match;
  const key = keys.find((one) => one.id === id);
  if (key === undefined)
    throw service === 'ebs'
      ? new Refusal('UnrecognizedClientException', 'The security token included in the request is invalid.', {
          status: 403,
        })
      : invalid(service, '');
  if (key.sessionToken !== undefined && headers['x-amz-security-token'] !== key.sessionToken)
    throw service === 'ebs'
      ? new Refusal('UnrecognizedClientException', 'The security token included in the request is invalid.', {
          status: 403,
        })
      : invalid(service, '');
  const date = String(headers['x-amz-date']);
  const age = now - timeOf(date);
  if (Math.abs(age) > validMs)
    throw service === 'ebs'
      ? invalid(service, `Signature ${age > 0 ? 'expired' : 'not yet current'}: ${date} is too far from now`)
      : new Refusal('RequestExpired', 'Request has expired.', { status: 400 });
  const signed = names.split(';');
  for (const needed of ['host', 'x-amz-date', ...(service === 'ebs' ? neededHeaders(request) : [])])
    if (!signed.includes(needed)) throw invalid(service, `${needed} must be signed`);
  const stated = headers['x-amz-content-sha256'];
  if (stated !== undefined && stated !== 'UNSIGNED-PAYLOAD' && stated !== sha256(body))
    throw invalid(service, 'the body has another SHA-256');
  const [path = '/', query = ''] = (request.url ?? '/').split('?');
  const canonical = [
    request.method ?? '',
    path.split('/').map(encodeURIComponent).join('/'),
    query.split('&').sort().join('&'),
    ...signed.map((name) => `${name}:${String(headers[name]).trim().replace(/ +/g, ' ')}`),
    '',
    names,
    typeof stated === 'string' ? stated : sha256(body),
  ].join('\n');
  const scope = `${day}/${region}/${signedFor}/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n');
  const derived = hmac(hmac(hmac(hmac(`AWS4${key.secret}`, day), region), signedFor), 'aws4_request');
  const right = hmac(derived, text);
  if (signedFor !== service || !timingSafeEqual(right, Buffer.from(signature, 'hex')))
    throw invalid(
      service,
      'The request signature we calculated does not match the signature you provided. The Canonical String for this request should have been',
    );
  if (key.expired === true)
    throw service === 'ebs'
      ? new Refusal('ExpiredTokenException', 'The security token included in the request is expired', {
          status: 403,
        })
      : new Refusal('RequestExpired', 'Request has expired.', { status: 400 });
  return { key, region };
}

/** The checksum of a block is part of the signature, as its data is not. */
function neededHeaders({ headers }: IncomingMessage): string[] {
  return Object.keys(headers).filter((name) => name.startsWith('x-amz-checksum'));
}
