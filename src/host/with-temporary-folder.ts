import { dir, setGracefulCleanup } from 'tmp';

setGracefulCleanup();

/** Gives work an empty folder of its own, which is removed with all that is in it however the work ends. */
export async function withTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const made = await new Promise<{ path: string; remove: (done: () => void) => void }>((resolve, reject) => {
    dir({ unsafeCleanup: true, prefix: 'ingot' }, (error, path, remove) => {
      if (error === null) resolve({ path, remove });
      else reject(error);
    });
  });
  try {
    return await work(made.path);
  } finally {
    // It is gone only when the callback says so; the process may end right after us.
    await new Promise<void>((resolve) => {
      made.remove(resolve);
    });
  }
}
