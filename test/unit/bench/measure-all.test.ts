import { describe, expect, it } from 'vitest';
import type { Line } from '../../../bench/bench.ts';
import { measureAll, notMeasured } from '../../../bench/measure-all.ts';
import { IngotError } from '../../../src/host/ingot-error.ts';
import { line } from '../../samples/bench.ts';

const named = (name: string): Line => ({
  name,
  title: `what ${name} is`,
  runs: 1,
  measure: () => Promise.resolve({ series: [] }),
});
const broken = new IngotError({ code: 'command-failed', message: 'lb ended', excerpt: ['E: no package'] });

async function measured(lines: readonly Line[], fails: Error, signal = new AbortController().signal) {
  const kept: string[] = [];
  const said: string[] = [];
  const failed = await measureAll(lines, {
    measure: ({ name }) => (name === 'bad' ? Promise.reject(fails) : Promise.resolve(line(name))),
    keep: ({ name }) => {
      kept.push(name);
      return Promise.resolve();
    },
    say: (text) => said.push(text),
    signal,
  });
  return { kept, said, failed };
}

describe('a benchmark of several lines', () => {
  it('continues when one fails, keeps the others, and reports which one failed and why', async () => {
    const { kept, said, failed } = await measured(['first', 'bad', 'last'].map(named), broken);
    expect(kept).toEqual(['first', 'last']);
    expect(said).toContain('bad: lb ended');
    const error = notMeasured(failed, 'results.json', '/logs');
    expect(error.message).toBe('bad could not be measured; the other lines are in results.json');
    expect(error.excerpt).toEqual(['bad: lb ended', '  E: no package']);
    expect(error.hint).toContain('--only bad');
  });
  it('does not hide a bug', async () => {
    await expect(measured([named('bad')], new TypeError('ours'))).rejects.toThrow('ours');
  });
  it('stops when it is interrupted', async () => {
    const stop = AbortSignal.abort(new IngotError({ code: 'interrupted', message: 'interrupted' }));
    await expect(measured([named('first')], broken, stop)).rejects.toMatchObject({ code: 'interrupted' });
  });
});
