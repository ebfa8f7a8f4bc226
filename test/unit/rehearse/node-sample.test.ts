import { describe, expect, it } from 'vitest';
import { readLook } from '../../../src/rehearse/node-sample.ts';
import { healthyLook, three } from '../../samples/node-samples.ts';

const [first] = three;
if (first === undefined) throw new Error('three places are three');

describe('a line of the watcher', () => {
  it('is a look', () => {
    const look = healthyLook(first, true);
    expect(readLook(JSON.stringify(look))).toEqual(look);
  });

  it('that was cut off, or is something that ssh or Python says, is none', () => {
    const line = JSON.stringify(healthyLook(first));
    expect(readLook(line.slice(0, -5))).toBeUndefined();
    expect(readLook('Traceback (most recent call last):')).toBeUndefined();
    expect(readLook('{"at": 1}')).toBeUndefined();
    expect(readLook('')).toBeUndefined();
  });
});
