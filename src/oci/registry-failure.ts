import { IngotError } from '../host/ingot-error.ts';

/** What a person reads of a request: no query, which may hold a secret. */
export function shownUrl(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

/** The innermost message of an error. */
export function causeText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError && error.errors.length > 0) return causeText(error.errors[0]);
  return error.cause instanceof Error ? causeText(error.cause) : error.message;
}

/** The errors in the body of an answer (OCI distribution specification, "Error codes"); '' if it has none. */
export function errorsIn(body: string): string {
  try {
    const { errors } = JSON.parse(body) as { readonly errors?: readonly Record<string, unknown>[] };
    const texts = (errors ?? []).map(({ code, message }) => [code, message].filter(Boolean).join(': '));
    // A registry's words: one line, without characters that a terminal obeys.
    return texts
      .join('; ')
      .replaceAll(/[^\x20-\x7e]+/g, ' ')
      .slice(0, 300);
  } catch {
    return '';
  }
}

/** The error for a registry that does not do what it should. */
export function registryFailed(what: string, why: string, cause?: unknown): IngotError {
  return new IngotError({
    code: 'registry-failed',
    message: `${what}: ${why}`,
    hint: 'run the same command again when the registry is well: what is there already is not sent again',
    cause,
  });
}

/** The error for a login that is missing or not accepted. */
export function notLoggedIn(registry: string, why: string): IngotError {
  return new IngotError({
    code: 'wrong-credentials',
    message: `${registry}: ${why}`,
    hint: `log in: docker login ${registry}, or name the configuration of Docker with DOCKER_CONFIG (docs/publish.md)`,
  });
}
