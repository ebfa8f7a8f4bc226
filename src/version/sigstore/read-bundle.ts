import { z } from 'zod';
import { type Envelope, envelopeText, parseEnvelope, statementType } from '../dsse.ts';
import { sigstoreType } from './sigstore-bundle.ts';

const base64 = z.base64();
const bundleSchema = z.object({
  mediaType: z.literal(sigstoreType),
  verificationMaterial: z.object({ publicKey: z.object({ hint: base64 }) }),
  messageSignature: z
    .object({
      messageDigest: z.object({ algorithm: z.literal('SHA2_256'), digest: base64 }),
      signature: base64,
    })
    .optional(),
  dsseEnvelope: z.unknown().optional(),
});

const statementSchema = z.object({
  subject: z
    .array(z.object({ name: z.string().optional(), digest: z.object({ sha256: z.string() }) }))
    .optional(),
  predicateType: z.string(),
});

/** A statement about files. */
export interface ReadStatement {
  readonly envelope: Envelope;
  readonly payload: Buffer;
  readonly predicateType: string;
  /** Names of files with their SHA-256, hexadecimal. */
  readonly subjects: readonly { readonly name: string; readonly sha256: string }[];
}

/** What a Sigstore bundle of a key contains; no signature is checked yet. */
export interface ReadBundle {
  /** Id of the key that its hint names: SHA-256, hexadecimal. */
  readonly keyid: string;
  readonly content:
    { readonly sha256: string; readonly signature: Buffer } | { readonly statement: ReadStatement };
}

function statementOf(dsseEnvelope: unknown): ReadStatement | undefined {
  const envelope = parseEnvelope(envelopeText(dsseEnvelope as Envelope), statementType);
  if (envelope === undefined) return undefined;
  const payload = Buffer.from(envelope.payload, 'base64');
  const { subject = [], predicateType } = statementSchema.parse(JSON.parse(payload.toString()));
  const subjects = subject.map(({ name = '', digest: { sha256 } }) => ({ name, sha256 }));
  return { envelope, payload, predicateType, subjects };
}

/** Parses a Sigstore bundle (v0.3) that names its key by a hint; undefined for any other text. */
export function readBundle(text: string): ReadBundle | undefined {
  try {
    const { verificationMaterial, messageSignature, dsseEnvelope } = bundleSchema.parse(JSON.parse(text));
    const keyid = Buffer.from(verificationMaterial.publicKey.hint, 'base64').toString('hex');
    if (messageSignature !== undefined) {
      const { messageDigest, signature } = messageSignature;
      const sha256 = Buffer.from(messageDigest.digest, 'base64').toString('hex');
      return { keyid, content: { sha256, signature: Buffer.from(signature, 'base64') } };
    }
    const statement = statementOf(dsseEnvelope);
    return statement === undefined ? undefined : { keyid, content: { statement } };
  } catch {
    return undefined;
  }
}
