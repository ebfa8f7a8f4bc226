import { setTimeout as pause } from 'node:timers/promises';

/**
 * Repeats a probe until it returns a value; it returns undefined (or throws) until then.
 * Throws with the last problem after `seconds`.
 */
export async function eventually<T>(
  what: string,
  probe: () => Promise<T | undefined> | T | undefined,
  seconds = 30,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  let last: unknown = 'no answer';
  while (Date.now() < end) {
    try {
      const found = await probe();
      if (found !== undefined) return found;
    } catch (problem) {
      last = problem;
    }
    await pause(100);
  }
  throw new Error(`${what}: not within ${seconds} s (${String(last)})`);
}
