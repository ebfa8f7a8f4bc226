/** How a download ended: undefined in order, else why not. */
export interface UrlEnd {
  readonly failure: string | undefined;
  /** Another try may do better. */
  readonly again: boolean;
}

/** The innermost cause says what happened: fetch(3) itself says "fetch failed". */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message;
}

/**
 * Reads what is behind a URL as it comes; when `read` has seen enough the connection is closed.
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
