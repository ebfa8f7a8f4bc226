import type { Envelope } from '../dsse.ts';

/** Media type of a Sigstore bundle of version 0.3 (sigstore/protobuf-specs, sigstore_bundle.proto). */
export const sigstoreType = 'application/vnd.dev.sigstore.bundle.v0.3+json';

/** What a bundle signs: the digest of a file, or an in-toto statement in a DSSE envelope with one signature. */
export type SignedContent =
  | {
      /** SHA-256 of the file, hexadecimal. */
      readonly sha256: string;
      readonly signature: Uint8Array;
    }
  | { readonly envelope: Envelope };

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

function contentOf(content: SignedContent) {
  if ('envelope' in content) return { dsseEnvelope: content.envelope };
  const { sha256, signature } = content;
  return {
    messageSignature: {
      messageDigest: { algorithm: 'SHA2_256', digest: base64(Buffer.from(sha256, 'hex')) },
      signature: base64(signature),
    },
  };
}

/**
 * Writes a Sigstore bundle for a key that whoever verifies already has: neither certificate nor transparency log.
 * @param keyid SHA-256 of the public key's SPKI DER, hexadecimal; the hint is the same in Base64, as cosign writes it
 */
export function sigstoreBundleText(keyid: string, content: SignedContent): string {
  const hint = base64(Buffer.from(keyid, 'hex'));
  const bundle = {
    mediaType: sigstoreType,
    verificationMaterial: { publicKey: { hint }, tlogEntries: [] },
    ...contentOf(content),
  };
  return `${JSON.stringify(bundle)}\n`;
}
