/**
 * Runs parts of work in parallel. When one part fails, the others are aborted. The first failure is thrown only after
 * all parts have ended, so that nothing still runs in a folder that is about to be removed.
 */
export async function inParallel<T>(
  signal: AbortSignal,
  parts: readonly ((signal: AbortSignal) => Promise<T>)[],
): Promise<T[]> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const failures: unknown[] = [];
  const settled = await Promise.allSettled(
    parts.map(async (part) => {
      try {
        return await part(either);
      } catch (error) {
        failures.push(error);
        stop.abort(error);
        throw error;
      }
    }),
  );
  if (failures.length > 0) throw failures[0];
  return settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
}
