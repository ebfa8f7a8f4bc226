import fc from 'fast-check';
import { expect, test } from 'vitest';
import { journalView, parseJournalLine, replay } from '../../../../src/cli/progress/journal.ts';
import { plainView } from '../../../../src/cli/progress/plain-view.ts';
import { rootStage } from '../../../../src/cli/progress/stage.ts';
import { playBake } from '../../../samples/played-bake.ts';

test('whoever attaches reads what the bake itself prints', async () => {
  let now = 0;
  const printed = { there: '', here: '' };
  const lines: string[] = [];
  const options = { verbose: true };
  const there = plainView((line) => (printed.there += line), options);
  const journal = journalView((entry) => lines.push(JSON.stringify(entry)));
  const show = replay(plainView((line) => (printed.here += line), options));
  for (const view of [there, journal])
    await playBake(rootStage({ view, now: () => now, expected: () => 7 }), {
      watch: { logs: () => undefined, decided: () => view.outlines?.({ stages: [{ title: 'bake' }] }) },
      pass: (seconds) => {
        now += seconds * 1000;
      },
      at: () => Promise.resolve(),
    });
  for (const line of lines) {
    const entry = parseJournalLine(line);
    expect(entry).toBeDefined();
    if (entry !== undefined) show(entry);
  }
  expect(printed.here).toBe(printed.there);
  expect(printed.here).toContain('(about 7 s)');
});

test('a line that another version wrote, or half a line, is ignored', () => {
  for (const line of ['', '{', '{"type":"begins"}', '{"type":"of another version"}', 'null', '7'])
    expect(parseJournalLine(line)).toBeUndefined();
  fc.assert(
    fc.property(fc.json({ maxDepth: 2 }), (text) => {
      expect(() => parseJournalLine(text)).not.toThrow();
    }),
  );
});

test('lines of stages that are not known show nothing', () => {
  let shown = '';
  const show = replay(plainView((line) => (shown += line), { verbose: true }));
  expect(show({ type: 'line', id: 9, text: 'x' })).toBeUndefined();
  expect(show({ type: 'ends', id: 9, result: 'done', seconds: 1 })).toBeUndefined();
  expect(show({ type: 'over', result: 'failed' })).toBe('failed');
  expect(shown).toBe('');
});
