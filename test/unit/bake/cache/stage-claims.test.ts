import { describe, expect, test } from 'vitest';
import { StageClaims } from '../../../../src/bake/cache/stage-claims.ts';

const { signal } = new AbortController();
const turnOfLoop = () => new Promise((done) => setImmediate(done));

/** A cache, and bakes that make what it lacks. */
function bakes() {
  const claims = new StageClaims();
  const cache = new Set<string>();
  const waits: string[] = [];
  const begun: string[] = [];
  const bake = (name: string, keys: readonly string[], stop = signal) => {
    const turn = claims.turn(stop);
    const missing = () => Promise.resolve(keys.filter((key) => !cache.has(key)));
    const claimed = turn
      .claim(missing, () => waits.push(name))
      .then(() => {
        begun.push(`${name}: ${keys.filter((key) => !cache.has(key)).join(' ')}`);
      });
    return { turn, claimed };
  };
  const make = (turn: ReturnType<StageClaims['turn']>, key: string) => {
    cache.add(key);
    turn.made(key);
  };
  return { bake, make, begun, waits };
}

describe('a stage that several bakes of one process need', () => {
  test('is made by one of them; the others wait until it is in the cache, and make the rest', async () => {
    const { bake, make, begun, waits } = bakes();
    const first = bake('first', ['shared', 'tree a']);
    const second = bake('second', ['shared', 'tree b']);
    await first.claimed;
    await turnOfLoop();
    expect(begun).toEqual(['first: shared tree a']);
    expect(waits).toEqual(['second']);
    make(first.turn, 'shared');
    await second.claimed;
    expect(begun).toEqual(['first: shared tree a', 'second: tree b']);
  });

  test('is made by another one when the bake that claimed it fails', async () => {
    const { bake, begun } = bakes();
    const first = bake('first', ['shared']);
    const second = bake('second', ['shared']);
    const third = bake('third', ['shared']);
    await first.claimed;
    first.turn.release();
    await second.claimed;
    await turnOfLoop();
    expect(begun).toEqual(['first: shared', 'second: shared']);
    second.turn.release();
    await third.claimed;
  });

  test('is given back if it turns out to be in the cache', async () => {
    const { bake, begun } = bakes();
    const first = bake('first', ['shared', 'tree a']);
    await first.claimed;
    const second = bake('second', ['shared']);
    first.turn.keepOnly(['tree a']);
    await second.claimed;
    expect(begun).toEqual(['first: shared tree a', 'second: shared']);
  });

  test('holds up nobody who does not need it, and nobody who is interrupted', async () => {
    const { bake } = bakes();
    const first = bake('first', ['a']);
    await first.claimed;
    await bake('other', ['b']).claimed;
    const stop = new AbortController();
    const waiting = bake('waiting', ['a'], stop.signal);
    await turnOfLoop();
    stop.abort(new Error('interrupted'));
    await expect(waiting.claimed).rejects.toThrow('interrupted');
  });

  test('cannot make two bakes wait for each other: who waits has claimed nothing', async () => {
    const { bake, make, begun } = bakes();
    const first = bake('first', ['a']);
    await first.claimed;
    // It needs what the first makes, and something that the third needs.
    const second = bake('second', ['a', 'b']);
    const third = bake('third', ['b']);
    await third.claimed;
    make(third.turn, 'b');
    make(first.turn, 'a');
    await second.claimed;
    expect(begun.map((line) => line.split(':')[0])).toEqual(['first', 'third', 'second']);
  });
});
