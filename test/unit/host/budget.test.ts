import { describe, expect, test } from 'vitest';
import { Budget, type Share } from '../../../src/host/budget.ts';

/** Works that run until a test ends them, and the names of those that have begun. */
function works(all: Share) {
  const budget = new Budget(all);
  const begun: string[] = [];
  const stop = new AbortController();
  const begin = (name: string, processors: number, memoryMiB = 1, signal = stop.signal) => {
    let end = (): void => undefined;
    const done = budget.with({ processors, memoryMiB }, { signal }, () => {
      begun.push(name);
      return new Promise<void>((resolve) => {
        end = resolve;
      });
    });
    return { done, end: () => (end(), done) };
  };
  return { budget, begun, begin, stop };
}
const turn = () => new Promise((done) => setImmediate(done));

describe('a budget', () => {
  test('never lets more run than there is, neither processors nor memory', async () => {
    const { begin, begun } = works({ processors: 4, memoryMiB: 100 });
    const first = begin('first', 3);
    begin('too many processors', 2);
    await turn();
    expect(begun).toEqual(['first']);
    await first.end();
    await turn();
    expect(begun).toEqual(['first', 'too many processors']);
    begin('too much memory', 1, 100);
    await turn();
    expect(begun).not.toContain('too much memory');
  });

  test('is given in order: small works do not overtake a large one for ever', async () => {
    const { begin, begun } = works({ processors: 2, memoryMiB: 100 });
    const small = begin('small', 1);
    begin('large', 2);
    begin('small again', 1);
    await turn();
    expect(begun).toEqual(['small']);
    await small.end();
    await turn();
    expect(begun).toEqual(['small', 'large']);
  });

  test('lets work that wants more than there is run by itself, in place of never', async () => {
    const { begin, begun } = works({ processors: 2, memoryMiB: 100 });
    const huge = begin('huge', 8, 10_000);
    begin('next', 1);
    await turn();
    expect(begun).toEqual(['huge']);
    await huge.end();
    await turn();
    expect(begun).toEqual(['huge', 'next']);
  });

  test('comes back from work that fails, and from a wait that is interrupted', async () => {
    const { budget, begin, begun } = works({ processors: 1, memoryMiB: 100 });
    const share = { processors: 1, memoryMiB: 1 };
    const { signal } = new AbortController();
    await expect(budget.with(share, { signal }, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    const running = begin('running', 1);
    const stop = new AbortController();
    const waiting = begin('waiting', 1, 1, stop.signal);
    begin('behind it', 1);
    stop.abort(new Error('interrupted'));
    await expect(waiting.done).rejects.toThrow('interrupted');
    await running.end();
    await turn();
    expect(begun).toEqual(['running', 'behind it']);
  });
});
