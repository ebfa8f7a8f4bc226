import { createHash } from 'node:crypto';

const magic = 0xfeedfeed;
const certificate = 2;

/**
 * Makes a Java keystore of certificates (format JKS, version 2) identical for every build: entries sorted by alias,
 * each with the time `epoch` (seconds since 1970), and a new integrity digest. Debian's ca-certificates-java writes the
 * time of its run. Returns undefined for anything else: another format, or a keystore with keys. Format:
 * sun.security.provider.JavaKeyStore; the digest is SHA-1 over the password in UTF-16, "Mighty Aphrodite" and the
 * content.
 */
export function canonicalKeystore(store: Buffer, epoch: number, password = 'changeit'): Buffer | undefined {
  try {
    return rewritten(store, epoch, password);
  } catch (error) {
    // A length field points beyond its end (Buffer throws a RangeError): it is not a keystore, even if its digest
    // matches.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function rewritten(store: Buffer, epoch: number, password: string): Buffer | undefined {
  const digestAt = store.length - 20;
  if (digestAt < 12 || store.readUInt32BE(0) !== magic || store.readUInt32BE(4) !== 2) return undefined;
  if (!digest(store.subarray(0, digestAt), password).equals(store.subarray(digestAt))) return undefined;
  const entries: { alias: Buffer; bytes: Buffer }[] = [];
  let position = 12;
  for (let left = store.readUInt32BE(8); left > 0; left -= 1) {
    if (store.readUInt32BE(position) !== certificate) return undefined;
    const timeAt = position + 6 + store.readUInt16BE(position + 4);
    const typeEnd = timeAt + 10 + store.readUInt16BE(timeAt + 8);
    const end = typeEnd + 4 + store.readUInt32BE(typeEnd);
    const bytes = Buffer.from(store.subarray(position, end));
    bytes.writeBigUInt64BE(BigInt(epoch) * 1000n, timeAt - position);
    entries.push({ alias: store.subarray(position + 6, timeAt), bytes });
    position = end;
  }
  if (position !== digestAt) return undefined;
  entries.sort((a, b) => Buffer.compare(a.alias, b.alias));
  const content = Buffer.concat([store.subarray(0, 12), ...entries.map((entry) => entry.bytes)]);
  return Buffer.concat([content, digest(content, password)]);
}

function digest(content: Buffer, password: string): Buffer {
  const secret = Buffer.from(password, 'utf16le').swap16();
  return createHash('sha1').update(secret).update('Mighty Aphrodite').update(content).digest();
}
