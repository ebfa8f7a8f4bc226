const headerBytes = 4;

/**
 * Splits a stream of QEMU's socket network into frames. Each frame is preceded by its length: four bytes, most
 * significant first (QEMU, net/stream.c).
 */
export class FrameReader {
  #pending: Buffer = Buffer.alloc(0);

  /** Takes a chunk of the stream; returns the frames that are now complete, each with its four length bytes. */
  read(chunk: Buffer): Buffer[] {
    let rest = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    const frames: Buffer[] = [];
    while (rest.length >= headerBytes) {
      const end = headerBytes + rest.readUInt32BE(0);
      if (rest.length < end) break;
      frames.push(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
    this.#pending = rest;
    return frames;
  }
}

/** The two hardware addresses of a frame (with its four length bytes), as in 52:54:00:12:34:56. */
export function addressesOf(frame: Buffer): { readonly destination: string; readonly source: string } {
  const address = (from: number) =>
    [...frame.subarray(headerBytes + from, headerBytes + from + 6)]
      .map((byte) => byte.toString(16).padStart(2, '0'))
      .join(':');
  return { destination: address(0), source: address(6) };
}
