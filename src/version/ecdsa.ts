/** A positive integer in DER (X.690, 8.3): no needless zeros, and one if the first bit is set. */
function integer(bytes: Buffer): Buffer {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start += 1;
  const value = bytes.subarray(start);
  const padded = ((value[0] ?? 0) & 0x80) === 0 ? value : Buffer.concat([Buffer.of(0), value]);
  return Buffer.concat([Buffer.of(0x02, padded.length), padded]);
}

/** Whether bytes look like a sequence of DER: its type, its length, then an integer. */
const isSequence = (bytes: Buffer): boolean =>
  bytes[0] === 0x30 && bytes[1] === bytes.length - 2 && bytes[2] === 0x02;

/**
 * An ECDSA P-256 signature in DER. PKCS#11 and some services answer r and s, 32 bytes each (IEEE P1363); anything else
 * is returned unchanged.
 */
export function ecdsaDer(signature: Buffer): Buffer {
  if (signature.length !== 64 || isSequence(signature)) return signature;
  const both = Buffer.concat([integer(signature.subarray(0, 32)), integer(signature.subarray(32))]);
  return Buffer.concat([Buffer.of(0x30, both.length), both]);
}
