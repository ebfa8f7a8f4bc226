import { describe, expect, it } from 'vitest';
import { parseSample } from '../../../src/rehearse/node-sample.ts';
import { healthySample, three } from '../../samples/node-samples.ts';

const [first] = three;
if (first === undefined) throw new Error('three places are three');

describe('a line of the watcher', () => {
  it('is a sample', () => {
    const sample = healthySample(first, true);
    expect(parseSample(JSON.stringify(sample))).toEqual(sample);
  });

  it('that was cut off, or is output of ssh or Python, is not a sample', () => {
    const line = JSON.stringify(healthySample(first));
    expect(parseSample(line.slice(0, -5))).toBeUndefined();
    expect(parseSample('Traceback (most recent call last):')).toBeUndefined();
    expect(parseSample('{"at": 1}')).toBeUndefined();
    expect(parseSample('')).toBeUndefined();
  });
});
