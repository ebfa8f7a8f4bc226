import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { isSignature, keyId } from './keys.ts';
import type { Signer } from './signer.ts';

/** A DSSE envelope (secure-systems-lab/dsse, envelope.md, v1.0). */
export interface Envelope {
  readonly payloadType: string;
  /** Base64. */
  readonly payload: string;
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
}

/** The type of a payload that is the bytes of SHA256SUMS. */
const sumsType = 'application/vnd.ingot.sha256sums';
/** The type of a payload that is an in-toto statement (in-toto attestation, spec/v1/envelope.md). */
export const statementType = 'application/vnd.in-toto+json';

// There is only one valid text for a signature: a decoder ignores stray bits at the end of Base64.
const base64 = z.base64().refine((text) => Buffer.from(text, 'base64').toString('base64') === text);

const schema = z.strictObject({
  payloadType: z.string(),
  payload: base64,
  signatures: z.array(z.strictObject({ keyid: z.string(), sig: base64 })),
});

/**
 * The bytes to sign: the pre-authentication encoding of DSSE v1 (protocol.md), which is type and payload, each with its
 * length in bytes.
 */
export function preAuthEncoding(payload: Uint8Array, type: string = sumsType): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.byteLength} `;
  return Buffer.concat([Buffer.from(head), payload]);
}

/**
 * Signs the bytes of SHA256SUMS, or a payload of another type.
 * @param before an envelope of the same bytes; its signatures by other keys are kept
 * @throws IngotError signer-failed if a program does not answer with a signature
 */
export async function signedEnvelope(
  payload: Uint8Array,
  signer: Signer,
  before?: Envelope,
  payloadType: string = sumsType,
): Promise<Envelope> {
  const keyid = signer.keyId;
  const others = (before?.signatures ?? []).filter((one) => one.keyid !== keyid);
  const sig = Buffer.from(await signer.sign(preAuthEncoding(payload, payloadType))).toString('base64');
  return {
    payloadType,
    payload: Buffer.from(payload).toString('base64'),
    signatures: [...others, { keyid, sig }],
  };
}

export function envelopeText(envelope: Envelope): string {
  return `${JSON.stringify(envelope)}\n`;
}

/**
 * Strictly parses an envelope over SHA256SUMS, or over a payload of another type. Anything but the exact text that
 * envelopeText writes gives undefined.
 */
export function parseEnvelope(text: string, payloadType: string = sumsType): Envelope | undefined {
  try {
    const envelope = schema.parse(JSON.parse(text));
    return envelope.payloadType === payloadType && envelopeText(envelope) === text ? envelope : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the payload of an envelope is exactly these bytes. */
export function hasPayload(envelope: Envelope, payload: Uint8Array): boolean {
  return envelope.payload === Buffer.from(payload).toString('base64');
}

/**
 * Returns what is wrong with an envelope as a signature by one key; undefined if it is valid.
 * @param key public or private half of a key
 */
export function wrongSignature(envelope: Envelope, key: KeyObject): string | undefined {
  const keyid = keyId(key);
  const own = envelope.signatures.filter((one) => one.keyid === keyid);
  if (own.length === 0) {
    const others = envelope.signatures.map((one) => one.keyid.slice(0, 16)).join(', ');
    return `is not signed by key ${keyid.slice(0, 16)}${others === '' ? '' : ` but by ${others}`}`;
  }
  const signed = preAuthEncoding(Buffer.from(envelope.payload, 'base64'), envelope.payloadType);
  const good = own.every(({ sig }) => isSignature(key, signed, Buffer.from(sig, 'base64')));
  return good ? undefined : `has a bad signature by key ${keyid.slice(0, 16)}`;
}
