import { describe, expect, test } from 'vitest';
import { inParallel } from '../../../src/host/in-parallel.ts';

const never = new AbortController().signal;

/** Work that ends shortly after its signal is given. */
const untilStopped = (log: string[]) => (signal: AbortSignal) =>
  new Promise<string>((_, reject) => {
    signal.addEventListener('abort', () => {
      log.push('signal given');
      setTimeout(() => {
        log.push('ended');
        reject(new Error('stopped'));
      }, 20);
    });
  });

describe('parallel work', () => {
  test('returns the results in the order of the parts', async () => {
    const slow = () => new Promise<number>((resolve) => setTimeout(resolve, 10, 1));
    expect(await inParallel(never, [slow, () => Promise.resolve(2)])).toEqual([1, 2]);
  });

  test('stops the others when one fails, waits until they have ended, and throws the first failure', async () => {
    const log: string[] = [];
    const failing = () => Promise.reject(new Error('the first'));
    await expect(inParallel(never, [untilStopped(log), failing])).rejects.toThrow('the first');
    expect(log).toEqual(['signal given', 'ended']);
  });

  test('stops everything when the signal is given from outside', async () => {
    const stop = new AbortController();
    const log: string[] = [];
    const work = inParallel(stop.signal, [untilStopped(log), untilStopped(log)]);
    stop.abort();
    await expect(work).rejects.toThrow('stopped');
    expect(log).toEqual(['signal given', 'signal given', 'ended', 'ended']);
  });

  test('treats a part that throws at once like one that rejects', async () => {
    const bad = (): Promise<string> => {
      throw new Error('at once');
    };
    await expect(inParallel(never, [bad])).rejects.toThrow('at once');
  });
});
