import { setTimeout as wait } from 'node:timers/promises';
import type { Host } from '../host/host.ts';
import { consoleHead } from './guest-console.ts';

/**
 * The first output of each loader: GRUB under UEFI; the menu of GRUB under BIOS, which greets before it opens the
 * serial line; iPXE.
 */
const firstWords = /Welcome to GRUB|GNU GRUB|iPXE/;

/** Whether a console shows that a loader runs. OVMF prints to a serial line, SeaBIOS does not. */
export function showsLoader(console: string): boolean {
  return firstWords.test(console);
}

/**
 * Waits for the first output of a starting machine's loader on the serial console.
 * @param console absolute path of the file that the serial console is written to
 * @param over ends the wait: the machine has ended, or is past its loader
 * @returns milliseconds since 1970; undefined if the loader printed nothing before `over`
 */
export async function awaitLoader(
  host: Host,
  console: string,
  over: AbortSignal,
): Promise<number | undefined> {
  while (!over.aborted) {
    if (showsLoader(await consoleHead(console))) return host.now();
    // Node reports the growth of a file only on some file systems; 50 ms is finer than what is measured.
    await wait(50);
  }
  return undefined;
}
