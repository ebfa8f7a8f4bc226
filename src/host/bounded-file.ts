import { open } from 'node:fs/promises';

/** The maximum size of a guest's console in bytes. A whole boot with its checks writes some 60 KiB. */
const maxBytes = 16 * 1024 * 1024;
/** The number of bytes that are kept from the beginning of a larger console. */
const headBytes = 1024 * 1024;
const everyMs = 1000;

/** The line that marks a truncated console. */
export const truncationMark =
  '--- ingot: the guest wrote more than this host keeps; what came here is left out';

/**
 * Truncates a file that has become too large to its beginning plus a line that says so. The writer must append to the
 * file (O_APPEND, open(2)); its further output follows that line. A missing file is ignored.
 */
export async function truncateIfTooLarge(file: string, most = maxBytes, head = headBytes): Promise<void> {
  const handle = await open(file, 'r+').catch(() => undefined);
  if (handle === undefined) return;
  try {
    const { size } = await handle.stat();
    if (size <= most) return;
    await handle.truncate(head);
    await handle.write(`\n${truncationMark}\n`, head);
  } finally {
    await handle.close();
  }
}

/**
 * Bounds the size of a console as long as its guest runs, so that a guest that writes endlessly does not fill this
 * host's disk.
 */
export function limitConsole(file: string, ended: Promise<unknown>): void {
  const timer = setInterval(() => void truncateIfTooLarge(file).catch(() => undefined), everyMs);
  timer.unref();
  const stop = (): void => {
    clearInterval(timer);
  };
  // A failed guest is handled by the code that waits for it, not here.
  void ended.then(stop, stop);
}
