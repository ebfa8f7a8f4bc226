/** A packet of an OpenPGP message or key. */
export interface Packet {
  /** RFC 9580, 5: 6 is a public key, 14 a public subkey, 5 and 7 private keys, 2 a signature. */
  readonly tag: number;
  readonly body: Buffer;
  /** The packet as it is in the file, with its header. */
  readonly whole: Buffer;
}

/**
 * Reads a length of the newer format and where the measured data begins; `partial` means that more of the same packet
 * follows (RFC 9580, 4.2.1).
 */
function newLength(
  bytes: Buffer,
  at: number,
): { length: number; from: number; partial: boolean } | undefined {
  const [first, second = 0] = [bytes[at], bytes[at + 1]];
  if (first === undefined) return undefined;
  if (first < 192) return { length: first, from: at + 1, partial: false };
  if (first < 224) return { length: ((first - 192) << 8) + second + 192, from: at + 2, partial: false };
  if (first < 255) return { length: 1 << (first & 0x1f), from: at + 1, partial: true };
  return at + 5 > bytes.length
    ? undefined
    : { length: bytes.readUInt32BE(at + 1), from: at + 5, partial: false };
}

/** Does the same for the older format (RFC 9580, 4.2.2). */
function oldLength(bytes: Buffer, at: number, type: number): { length: number; from: number } | undefined {
  if (type === 3) return { length: bytes.length - at, from: at };
  const size = 1 << type;
  return at + size > bytes.length ? undefined : { length: bytes.readUIntBE(at, size), from: at + size };
}

/**
 * Returns the packets of binary OpenPGP data (RFC 9580, 4); undefined if the data has another format or ends within a
 * packet.
 */
export function packetsOf(bytes: Buffer): Packet[] | undefined {
  const packets: Packet[] = [];
  for (let at = 0; at < bytes.length;) {
    const first = bytes[at] ?? 0;
    if ((first & 0x80) === 0) return undefined;
    const isNew = (first & 0x40) !== 0;
    const tag = isNew ? first & 0x3f : (first >> 2) & 0x0f;
    const parts: Buffer[] = [];
    const from = at++;
    for (let more = true; more;) {
      const found = isNew ? newLength(bytes, at) : oldLength(bytes, at, first & 3);
      if (found === undefined || found.from + found.length > bytes.length) return undefined;
      parts.push(bytes.subarray(found.from, found.from + found.length));
      at = found.from + found.length;
      more = 'partial' in found && found.partial === true;
    }
    packets.push({ tag, body: Buffer.concat(parts), whole: bytes.subarray(from, at) });
  }
  return packets;
}

/** A part of a signature's data about itself (RFC 9580, 5.2.3.7). */
export interface Subpacket {
  readonly type: number;
  readonly body: Buffer;
}

/** Returns the subpackets of one area of a signature. */
export function subpacketsOf(area: Buffer): Subpacket[] {
  const found: Subpacket[] = [];
  for (let at = 0; at < area.length;) {
    const size = newLength(area, at);
    if (size === undefined || size.length === 0) break;
    const type = (area[size.from] ?? 0) & 0x7f;
    found.push({ type, body: area.subarray(size.from + 1, size.from + size.length) });
    at = size.from + size.length;
  }
  return found;
}
