/** An answer as it arrives over a connection, or from an existing file. */
export type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** A line of an answer; `whole` is false for a last line without a line end. */
export interface Line {
  readonly text: string;
  readonly whole: boolean;
}

export interface LineLimits {
  /** Bytes of one line. */
  readonly line: number;
  /** Bytes of the whole answer. */
  readonly all: number;
}

/** An answer exceeds a limit; the message names the limit. */
export class LimitExceeded extends Error {}

/**
 * Splits the input into lines and holds no more than one of them in memory.
 * @throws LimitExceeded
 */
export async function* boundedLines(chunks: Chunks, bounds: LineLimits): AsyncGenerator<Line, void> {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let bytes = 0;
  const take = (): string => {
    const text = Buffer.concat(held).toString('utf8');
    [held, heldBytes] = [[], 0];
    return text;
  };
  const hold = (part: Uint8Array): void => {
    heldBytes += part.length;
    if (heldBytes > bounds.line) throw new LimitExceeded(`a line of it is longer than ${bounds.line} bytes`);
    held.push(part);
  };
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > bounds.all) throw new LimitExceeded(`it is longer than ${bounds.all} bytes`);
    let from = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
      hold(chunk.subarray(from, end));
      from = end + 1;
      yield { text: take(), whole: true };
    }
    if (from < chunk.length) hold(chunk.subarray(from));
  }
  if (heldBytes > 0) yield { text: take(), whole: false };
}
