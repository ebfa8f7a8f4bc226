import { IngotError } from './ingot-error.ts';

/** @throws IngotError wrong-input when the process does not run as root, whose rights files of other owners need */
export function requireRoot(what: string): void {
  if (process.getuid?.() === 0) return;
  throw new IngotError({
    code: 'wrong-input',
    message: `${what} needs root`,
    hint: 'run it again with sudo, or as root',
  });
}
