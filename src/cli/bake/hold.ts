import { setTimeout as wait } from 'node:timers/promises';
import type { Hold } from '../../bake/bake-request.ts';

/** How long guests are kept, so that a forgotten bake does not occupy this host for ever. */
const heldMinutes = 60;

/**
 * Keeps what failed until Ctrl-C, at most an hour; everything that fails meanwhile is kept as long.
 * @param say shows a line
 */
export function holdUntilInterrupted(signal: AbortSignal, say: (line: string) => void): Hold {
  let waiting: Promise<void> | undefined;
  let over = false;
  return async (what) => {
    if (over || signal.aborted) return;
    say(`${what}; kept until Ctrl-C, at most ${heldMinutes} minutes`);
    waiting ??= wait(heldMinutes * 60_000, undefined, { signal }).then(
      () => undefined,
      () => undefined,
    );
    await waiting;
    over = true;
  };
}
