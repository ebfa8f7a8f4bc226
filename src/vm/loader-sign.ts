import { setTimeout as wait } from 'node:timers/promises';
import type { Host } from '../host/host.ts';
import { consoleHead } from './guest-console.ts';

/** The first words of the loaders: GRUB's by UEFI, its menu's by BIOS, where it greets before it has the serial line; iPXE's. */
const firstWords = /Welcome to GRUB|GNU GRUB|iPXE/;

/** Whether a console shows that a loader runs. SeaBIOS says nothing on a serial line, OVMF does. */
export function showsLoader(console: string): boolean {
  return firstWords.test(console);
}

/**
 * When the loader of a starting machine said its first words on the serial console.
 * @param console absolute path of the file that it is written to
 * @param over ends the waiting: the machine has ended, or is past its loader
 * @returns milliseconds since 1970; undefined if it said none before it was over
 */
export async function awaitLoader(
  host: Host,
  console: string,
  over: AbortSignal,
): Promise<number | undefined> {
  while (!over.aborted) {
    if (showsLoader(await consoleHead(console))) return host.now();
    // Node tells of a file that grows on some file systems only; 50 ms is finer than what is measured.
    await wait(50);
  }
  return undefined;
}
