import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  contentionFactor,
  estimateScale,
  payloadShare,
  type ScaleInput,
} from '../../../../bench/netboot/scale.ts';

const question: ScaleInput = {
  nodes: 5000,
  bytesPerNode: 250e6,
  lineGbps: 10,
  nodeGbps: 1,
  cpuSecondsPerByte: 0.2e-9,
  cores: 2,
  mirrors: 0,
  fanOut: 10,
  treeBytes: 500e6,
};
const useful = payloadShare * contentionFactor;

describe('the time until many nodes have their root', () => {
  it('is that of all bytes over one line, minus the share of frames, headers and contention', () => {
    const { seconds, boundBy, fillSeconds } = estimateScale(question);
    expect(seconds).toBeCloseTo((5000 * 250e6 * 8) / (10e9 * useful));
    expect(useful).toBeCloseTo(0.847, 3);
    expect([boundBy, fillSeconds]).toEqual(['line', 0]);
  });

  it('is that of the processor if the server cannot fill its line', () => {
    const { seconds, boundBy } = estimateScale({ ...question, lineGbps: 100 });
    expect(seconds).toBeCloseTo((5000 * 250e6 * 0.2e-9) / 2);
    expect(boundBy).toBe('processor');
  });

  it("is never less than a node's own line takes", () => {
    const { seconds, boundBy } = estimateScale({ ...question, mirrors: 4999 });
    expect(seconds).toBeCloseTo((250e6 * 8) / (1e9 * useful));
    expect(boundBy).toBe('node');
  });

  it('is divided by the servers, the fullest of which determines it', () => {
    const one = estimateScale(question).seconds;
    expect(estimateScale({ ...question, mirrors: 9 }).seconds).toBeCloseTo(one / 10);
    expect(estimateScale({ ...question, nodes: 5001, mirrors: 9 }).seconds).toBeCloseTo((one * 501) / 5000);
  });

  it('never grows with another mirror, a faster line or a quicker processor', () => {
    const count = fc.integer({ min: 1, max: 10_000 });
    fc.assert(
      fc.property(count, fc.nat(500), fc.integer({ min: 1, max: 200 }), (nodes, mirrors, lineGbps) => {
        const base = { ...question, nodes, mirrors, lineGbps };
        const { seconds } = estimateScale(base);
        const better = [{ mirrors: mirrors + 1 }, { lineGbps: lineGbps + 1 }, { cores: 3 }];
        for (const change of better)
          expect(estimateScale({ ...base, ...change }).seconds).toBeLessThanOrEqual(seconds);
      }),
    );
  });

  it('is refused for zero nodes', () => {
    expect(() => estimateScale({ ...question, nodes: 0 })).toThrow(RangeError);
  });
});

describe('filling a tree of mirrors', () => {
  const copy = (500e6 * 8) / (10e9 * useful);
  it.each([
    [0, 5, 0],
    [1, 5, 1],
    [5, 5, 5], // the first server fills five over its one line
    [30, 5, 10], // and each of these five more
    [31, 5, 11], // one of them fills one more
    [125, 5, 14],
    [125, 1, 125], // a chain
  ])('takes %d mirrors with a fan-out of %d the time of %d copies', (mirrors, fanOut, copies) => {
    expect(estimateScale({ ...question, mirrors, fanOut }).fillSeconds).toBeCloseTo(copies * copy);
  });
});
