import { open } from 'node:fs/promises';

/** The most that a guest's console may be, in bytes; a whole boot with its checks is some 60 KiB. */
const mostBytes = 16 * 1024 * 1024;
/** What is kept of one that is larger: its beginning. */
const headBytes = 1024 * 1024;
const everyMs = 1000;

/** The line in a console that was too large. */
export const cutMark = '--- ingot: the guest wrote more than this host keeps; what came here is left out';

/**
 * Cuts a file that has become too large to its beginning and a line that says so. Whoever writes it has to append (O_APPEND, open(2)), and goes on after it.
 * A file that is not there is none too large.
 */
export async function cutIfTooLarge(file: string, most = mostBytes, head = headBytes): Promise<void> {
  const handle = await open(file, 'r+').catch(() => undefined);
  if (handle === undefined) return;
  try {
    const { size } = await handle.stat();
    if (size <= most) return;
    await handle.truncate(head);
    await handle.write(`\n${cutMark}\n`, head);
  } finally {
    await handle.close();
  }
}

/** Keeps a console small for as long as its guest runs: one that writes endlessly must not fill this host's disk. */
export function boundConsole(file: string, ended: Promise<unknown>): void {
  const timer = setInterval(() => void cutIfTooLarge(file).catch(() => undefined), everyMs);
  timer.unref();
  const stop = (): void => {
    clearInterval(timer);
  };
  // However the guest ends: whoever waits for it hears of a failure, and nobody would here.
  void ended.then(stop, stop);
}
