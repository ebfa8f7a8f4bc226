import { readFileSync } from 'node:fs';
import { IngotError } from '../host/ingot-error.ts';

const inGib = (mebibytes: number): string => `${(mebibytes / 1024).toFixed(1)} GiB`;

/**
 * The memory that is available on this host in MiB; undefined if the kernel does not report it.
 * @param file Linux' report of its memory (proc(5), meminfo)
 */
export function availableMemory(file = '/proc/meminfo'): number | undefined {
  const [, kibibytes] = /^MemAvailable: +(\d+) kB$/m.exec(readFileSync(file, 'utf8')) ?? [];
  return kibibytes === undefined ? undefined : Number(kibibytes) / 1024;
}

/**
 * Refuses to continue on a host that has too little free memory.
 * @param what who needs the memory, as in "5 nodes"
 * @param mebibytes the memory that is needed
 * @param file Linux' report of its memory (proc(5), meminfo)
 * @throws IngotError host-not-ready that names the memory needed and the memory available
 */
export function requireMemory(what: string, mebibytes: number, file = '/proc/meminfo'): void {
  const available = availableMemory(file);
  // A kernel that does not report it passes.
  if (available === undefined || available >= mebibytes) return;
  throw new IngotError({
    code: 'host-not-ready',
    message: `not enough memory: ${what} need ${inGib(mebibytes)}, ${inGib(available)} are available`,
    hint: 'stop other programs that use memory, or start fewer nodes with --masters and --slaves',
  });
}
