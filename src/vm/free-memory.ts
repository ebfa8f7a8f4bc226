import { readFileSync } from 'node:fs';
import { IngotError } from '../host/ingot-error.ts';

const inGib = (mebibytes: number): string => `${(mebibytes / 1024).toFixed(1)} GiB`;

/**
 * @param what as in "5 nodes"
 * @param file what Linux says of its memory (proc(5), meminfo)
 * @throws IngotError host-not-ready that says what is needed and what is available
 */
export function requireMemory(what: string, mebibytes: number, file = '/proc/meminfo'): void {
  const [, kibibytes] = /^MemAvailable: +(\d+) kB$/m.exec(readFileSync(file, 'utf8')) ?? [];
  const available = Number(kibibytes ?? Number.NaN) / 1024;
  // A kernel that does not say is believed.
  if (!(available < mebibytes)) return;
  throw new IngotError({
    code: 'host-not-ready',
    message: `not enough memory: ${what} need ${inGib(mebibytes)}, ${inGib(available)} are available`,
    hint: 'end what else takes memory, or take fewer nodes with --masters and --slaves',
  });
}
