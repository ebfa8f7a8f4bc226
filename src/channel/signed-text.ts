import { createHash, type KeyObject } from 'node:crypto';
import { envelopeText, parseEnvelope, signedEnvelope, wrongSignature } from '../version/dsse.ts';
import type { Signer } from '../version/signer.ts';

/** Signs a value as a DSSE envelope; returns the text of the file. */
export async function signedText(value: object, payloadType: string, signer: Signer): Promise<string> {
  const payload = Buffer.from(`${JSON.stringify(value, null, 1)}\n`);
  return envelopeText(await signedEnvelope(payload, signer, undefined, payloadType));
}

/** The payload of a signed text, or why it is not used. */
export type SignedPayload =
  { readonly value: unknown; readonly sha256: string; readonly signedBy: string } | { readonly why: string };

function jsonOf(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString());
  } catch {
    return undefined;
  }
}

/**
 * Reads the payload of a signed text.
 * @param keys public keys, of which one must have signed it; undefined reads it without a check of the signature
 */
export function readSignedText(
  text: string,
  payloadType: string,
  keys: readonly KeyObject[] | undefined,
): SignedPayload {
  const envelope = parseEnvelope(text, payloadType);
  if (envelope === undefined) return { why: 'is not an envelope that ingot wrote' };
  if (keys !== undefined) {
    const wrong = keys.map((key) => wrongSignature(envelope, key));
    if (!wrong.includes(undefined)) return { why: wrong[0] ?? 'is not signed by a key that was named' };
  }
  const payload = Buffer.from(envelope.payload, 'base64');
  return {
    value: jsonOf(payload),
    sha256: createHash('sha256').update(payload).digest('hex'),
    signedBy: envelope.signatures[0]?.keyid ?? '',
  };
}
