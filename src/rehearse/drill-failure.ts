import { IngotError } from '../host/ingot-error.ts';

/** The error of a drill in which the cluster did not behave as required. */
export function drillFailure(message: string, excerpt: readonly string[] = []): IngotError {
  return new IngotError({ code: 'node-failed', message, excerpt });
}
