import { createHash } from 'node:crypto';
import { type Packet, subpacketsOf } from './packets.ts';

/**
 * What a keyring contains about one primary key. None of it is verified: it is for messages only; apt checks
 * signatures.
 */
export interface OpenPgpKey {
  /** Upper case hexadecimal digits. */
  readonly fingerprint: string;
  /** Of the primary key and of its subkeys, 16 digits each. */
  readonly keyIds: readonly string[];
  /** When it expires; undefined for never. */
  readonly expires: Date | undefined;
  readonly revoked: boolean;
  /** The key as it is in the keyring: with its names, subkeys and signatures, without the other keys. */
  readonly binary: Buffer;
}

const signature = 2;
const publicKey = 6;
const publicSubkey = 14;

function fingerprintOf({ body }: Packet): string {
  const version = body[0] ?? 0;
  // RFC 9580, 5.5.4; version 5 is specific to GnuPG.
  const size = Buffer.alloc(version === 4 ? 2 : 4);
  size.writeUIntBE(body.length, 0, size.length);
  const prefix = version === 4 ? 0x99 : version === 5 ? 0x9a : 0x9b;
  return createHash(version === 4 ? 'sha1' : 'sha256')
    .update(Buffer.from([prefix]))
    .update(size)
    .update(body)
    .digest('hex')
    .toUpperCase();
}

function keyIdOf(fingerprint: string): string {
  return fingerprint.length === 40 ? fingerprint.slice(-16) : fingerprint.slice(0, 16);
}

/** Reads a signature of version 4 or later: its type, issuer and dates; undefined for an older version. */
function readSignature({ body }: Packet) {
  const version = body[0] ?? 0;
  if (version < 4) return undefined;
  const size = version === 6 ? 4 : 2;
  const areaAt = (at: number) => {
    const length = at + size <= body.length ? body.readUIntBE(at, size) : 0;
    return { area: body.subarray(at + size, at + size + length), end: at + size + length };
  };
  const hashed = areaAt(4);
  const all = [...subpacketsOf(hashed.area), ...subpacketsOf(areaAt(hashed.end).area)];
  const number = (type: number) => {
    const found = subpacketsOf(hashed.area).find((one) => one.type === type)?.body;
    return found?.length === 4 ? found.readUInt32BE() : undefined;
  };
  const issuer = all
    .find(({ type }) => type === 16)
    ?.body.toString('hex')
    .toUpperCase();
  const by = all
    .find(({ type }) => type === 33)
    ?.body.subarray(1)
    .toString('hex')
    .toUpperCase();
  return {
    type: body[1] ?? 0,
    issuer: by === undefined ? issuer : keyIdOf(by),
    // Subpackets 2 and 9: when it was made, and how long the key is valid, counted from the key's own date.
    created: number(2) ?? 0,
    goodFor: number(9),
  };
}

/** Types of self-signatures: certifications of a name, and direct-key signatures. */
const selfSignatures = [0x10, 0x11, 0x12, 0x13, 0x1f];
const revocation = 0x20;

/** Returns the primary keys of a keyring. */
export function keysOf(packets: readonly Packet[]): OpenPgpKey[] {
  const keys: { primary: Packet; fingerprint: string; ids: string[]; signatures: Packet[]; all: Packet[] }[] =
    [];
  for (const packet of packets) {
    const last = keys.at(-1);
    if (packet.tag !== publicKey) last?.all.push(packet);
    if (packet.tag === publicKey) {
      const fingerprint = fingerprintOf(packet);
      keys.push({ primary: packet, fingerprint, ids: [keyIdOf(fingerprint)], signatures: [], all: [packet] });
    } else if (packet.tag === publicSubkey) last?.ids.push(keyIdOf(fingerprintOf(packet)));
    else if (packet.tag === signature) last?.signatures.push(packet);
  }
  return keys.map(({ primary, fingerprint, ids, signatures, all }) => {
    const own = signatures.flatMap((packet) => {
      const read = readSignature(packet);
      return read !== undefined && (read.issuer === undefined || read.issuer === ids[0]) ? [read] : [];
    });
    const newest = own
      .filter(({ type }) => selfSignatures.includes(type))
      .reduce<(typeof own)[number] | undefined>(
        (best, one) => (best === undefined || one.created >= best.created ? one : best),
        undefined,
      );
    const made = primary.body.length >= 5 ? primary.body.readUInt32BE(1) : 0;
    const goodFor = newest?.goodFor ?? 0;
    return {
      fingerprint,
      keyIds: ids,
      expires: goodFor === 0 ? undefined : new Date((made + goodFor) * 1000),
      revoked: own.some(({ type }) => type === revocation),
      binary: Buffer.concat(all.map(({ whole }) => whole)),
    };
  });
}
