import { IngotError } from '../host/ingot-error.ts';

/** The error of a drill whose cluster did not do what it must. */
export function drillFailure(message: string, excerpt: readonly string[] = []): IngotError {
  return new IngotError({ code: 'node-failed', message, excerpt });
}
