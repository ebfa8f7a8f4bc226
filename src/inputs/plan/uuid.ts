import { createHash } from 'node:crypto';

/** The namespace of ingot's identifiers: a UUID that was generated once, at random. */
const namespace = Buffer.from('3f0a1d0c6f5b4c7e9a527d1e8b6c4f29', 'hex');

/** Returns the UUID of a name among ingot's identifiers: version 5, from SHA-1 (RFC 9562). */
export function uuidV5(name: string): string {
  const bytes = createHash('sha1').update(namespace).update(name).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
