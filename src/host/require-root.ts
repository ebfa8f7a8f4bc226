import { IngotError } from './ingot-error.ts';

/** @throws IngotError host-not-ready when the process does not run as root, whose rights files of other owners need */
export function requireRoot(what: string): void {
  if (process.getuid?.() === 0) return;
  throw new IngotError({
    code: 'host-not-ready',
    message: `${what} needs root`,
    hint: 'run it again with sudo, or as root',
  });
}
