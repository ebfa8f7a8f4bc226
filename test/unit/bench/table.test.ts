import { describe, expect, it } from 'vitest';
import { pageMarkers, withTable } from '../../../bench/page.ts';
import { resultsTable } from '../../../bench/table.ts';
import { line, seconds } from '../../samples/bench.ts';

const missed = line('limit', {
  series: [seconds('cold bake', 90, 100, 120), seconds('limit', 50)],
  ratio: { text: 'cold bake / limit', values: [1.8, 2, 2.4] },
  target: { of: 'ratio', atMost: 1.8 },
  notes: ['a sentence to know'],
});

describe('the table of a benchmark', () => {
  const table = resultsTable({ version: 1, lines: [line('help'), missed] });
  it('prints every figure with its spread', () => {
    expect(table).toContain('cold bake          100 s (90.0 to 120)');
    expect(table).toContain('cold bake / limit  2.00 (1.80 to 2.40)');
  });
  it('marks a target that is missed', () => {
    expect(table).toContain('at most 1.8: MISSED');
  });
  it('prints date and machine once for lines that share them', () => {
    expect(table.match(/^# 2026-11-23, 2 cores/gm)).toHaveLength(1);
  });
  it('prints the notes', () => {
    expect(table).toContain('a sentence to know');
  });
  it('marks a run that was cut off as a lower bound', () => {
    const peer = { ...seconds('plain Packer', 1200), cutOff: true as const };
    expect(resultsTable({ version: 1, lines: [line('peer', { series: [peer] })] })).toContain('> 1200 s');
  });
});

describe('the page of a benchmark', () => {
  it('gets the table between its markers, also repeatedly, and nothing else changes', () => {
    const page = `# Title\n\n${pageMarkers.begin}\n\nold\n\n${pageMarkers.end}\n\ntail\n`;
    const once = withTable(page, 'figures\n', 'page.md');
    expect(once).toBe(
      `# Title\n\n${pageMarkers.begin}\n\n\`\`\`text\nfigures\n\`\`\`\n\n${pageMarkers.end}\n\ntail\n`,
    );
    expect(withTable(once, 'figures\n', 'page.md')).toBe(once);
  });
  it('is refused without markers', () => {
    expect(() => withTable('# Title\n', 'figures\n', 'page.md')).toThrow(
      'page.md has no markers for the table',
    );
  });
});
