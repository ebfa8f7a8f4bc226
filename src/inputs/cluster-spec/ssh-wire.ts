/**
 * Reads the fields of a key in SSH's binary form (RFC 4251, section 5). Each field is a length of 32 bits and that many
 * bytes.
 */
export class WireReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Whether everything has been read. */
  get ended(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** Returns the next field; undefined if the bytes end within it. */
  field(): Uint8Array | undefined {
    const begin = this.#at + 4;
    if (begin > this.#bytes.length) return undefined;
    const length = new DataView(this.#bytes.buffer, this.#bytes.byteOffset).getUint32(this.#at);
    if (begin + length > this.#bytes.length) return undefined;
    this.#at = begin + length;
    return this.#bytes.subarray(begin, this.#at);
  }

  /** Returns the next field as ASCII text; undefined if it is truncated. */
  text(): string | undefined {
    const field = this.field();
    return field === undefined ? undefined : String.fromCharCode(...field);
  }
}

/** Returns the number that the bytes encode, most significant byte first. */
export function unsigned(bytes: Uint8Array): bigint {
  return bytes.reduce((number, byte) => number * 256n + BigInt(byte), 0n);
}

/**
 * Decodes Base64 with padding, in the canonical form that encoders write (RFC 4648, 3.5); undefined for any other text.
 */
export function strictBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  const binary = atob(text);
  return btoa(binary) === text ? Uint8Array.from(binary, (letter) => letter.charCodeAt(0)) : undefined;
}
