/** How a download ended: `failure` is undefined if it succeeded, and the reason if not. */
export interface UrlEnd {
  readonly failure: string | undefined;
  /** True if a retry may succeed. */
  readonly again: boolean;
}

/** The message of the innermost cause, because fetch(3) itself only reports "fetch failed". */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message;
}

/**
 * Reads the content of a URL as it arrives. When `read` returns early the connection is closed.
 * @throws the signal's reason
 */
export async function readUrl<T>(
  url: string,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
  read: (chunks: AsyncIterable<Uint8Array>) => Promise<T>,
): Promise<{ readonly value: T; readonly end: UrlEnd }> {
  signal.throwIfAborted();
  const stop = new AbortController();
  const abort = (): void => {
    stop.abort();
  };
  const state = { tookTooLong: false };
  const timer = setTimeout(() => {
    state.tookTooLong = true;
    abort();
  }, timeoutMs);
  signal.addEventListener('abort', abort, { once: true });
  let end: UrlEnd = { failure: undefined, again: false };
  async function* chunks(): AsyncGenerator<Uint8Array, void> {
    try {
      const response = await fetch(url, { signal: stop.signal });
      if (!response.ok) {
        end = { failure: `HTTP ${response.status}`, again: response.status >= 500 };
        return;
      }
      if (response.body !== null) yield* response.body as unknown as AsyncIterable<Uint8Array>;
    } catch (error) {
      const failure = state.tookTooLong ? `no answer within ${timeoutMs / 1000} s` : reasonOf(error);
      end = { failure, again: true };
    }
  }
  try {
    const value = await read(chunks());
    signal.throwIfAborted();
    return { value, end };
  } finally {
    abort();
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}
