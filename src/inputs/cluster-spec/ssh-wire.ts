/** Reads the fields of a key in SSH's binary form (RFC 4251, section 5), each a length of 32 bits and as many bytes. */
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

  /** The next field; undefined where the bytes end before it does. */
  field(): Uint8Array | undefined {
    const begin = this.#at + 4;
    if (begin > this.#bytes.length) return undefined;
    const length = new DataView(this.#bytes.buffer, this.#bytes.byteOffset).getUint32(this.#at);
    if (begin + length > this.#bytes.length) return undefined;
    this.#at = begin + length;
    return this.#bytes.subarray(begin, this.#at);
  }

  /** The next field as ASCII text; undefined where it is cut off. */
  text(): string | undefined {
    const field = this.field();
    return field === undefined ? undefined : String.fromCharCode(...field);
  }
}

/** The number that bytes stand for, the highest first. */
export function unsigned(bytes: Uint8Array): bigint {
  return bytes.reduce((number, byte) => number * 256n + BigInt(byte), 0n);
}

/** The bytes of Base64 with its padding, in the one form that encoders write (RFC 4648, 3.5); undefined where the text is not that. */
export function strictBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  const binary = atob(text);
  return btoa(binary) === text ? Uint8Array.from(binary, (letter) => letter.charCodeAt(0)) : undefined;
}
