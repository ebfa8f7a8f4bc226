import { IngotError } from './ingot-error.ts';

/**
 * Requires root, because files of other owners need its rights.
 * @throws IngotError host-not-ready if the process does not run as root
 */
export function requireRoot(what: string): void {
  if (process.getuid?.() === 0) return;
  throw new IngotError({
    code: 'host-not-ready',
    message: `${what} needs root`,
    hint: 'run it again with sudo, or as root',
  });
}
