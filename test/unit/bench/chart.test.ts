import { describe, expect, it } from 'vitest';
import { resultsChart } from '../../../bench/chart.ts';
import { line, seconds } from '../../samples/bench.ts';

/** The texts of an XML document; throws when elements are not closed in order, or a character is not escaped. */
function textsOf(xml: string): string[] {
  const open: string[] = [];
  const texts: string[] = [];
  for (const [, tag, text] of xml.matchAll(/<([^>]*)>|([^<]+)/g)) {
    if (text !== undefined) {
      if (/&(?!(amp|lt|gt|quot);)|>/.test(text)) throw new Error(`not escaped: ${text}`);
      if (text.trim() !== '') texts.push(text);
      continue;
    }
    const parts = /^(\/?)([a-z]+)((?: [a-zA-Z0-9-]+="[^"<&]*")*)(\/?)$/.exec(tag ?? '');
    if (parts === null) throw new Error(`not an element: ${tag ?? ''}`);
    const [, closes, name = '', , empty] = parts;
    if (closes === '/') expect(open.pop()).toBe(name);
    else if (empty === '') open.push(name);
  }
  expect(open).toEqual([]);
  return texts.map((text) =>
    text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&'),
  );
}

const lines = [
  line('help', { series: [seconds('ingot <help> & "more"', 0.1, 0.2), seconds('node -e 0', 0.03)] }),
  line('limit', {
    series: [seconds('cold bake', 100), seconds('the limit', 50)],
    ratio: { text: 'cold bake / limit', values: [2] },
    target: { of: 'ratio', atMost: 1.8 },
  }),
];

describe('the picture of a benchmark', () => {
  const chart = resultsChart({ version: 1, lines });
  const texts = textsOf(chart);
  it('is well-formed and holds the label and the number of every bar', () => {
    for (const label of ['ingot <help> & "more"', 'node -e 0', 'cold bake', 'the limit'])
      expect(texts).toContain(label);
    for (const number of ['0.150 s (0.100 to 0.200)', '0.030 s', '100 s', '50.0 s'])
      expect(texts).toContain(number);
  });
  it('prints the target of a line and whether it is met', () => {
    expect(texts).toContain('cold bake / limit 2.00; target at most 1.8: MISSED');
  });
  it('is readable on a dark page as well', () => {
    expect(chart).toContain('prefers-color-scheme:dark');
  });
  it('is well-formed without any result', () => {
    expect(textsOf(resultsChart({ version: 1, lines: [] }))).toHaveLength(1);
  });
  it('draws a longer bar for what takes longer', () => {
    const widths = [...chart.matchAll(/<rect class="(?:bar|first)"[^>]* width="([\d.]+)"/g)].map(
      ([, width]) => Number(width),
    );
    expect(widths).toHaveLength(4);
    expect(widths[2]).toBeCloseTo(2 * (widths[3] ?? 0));
  });
});
