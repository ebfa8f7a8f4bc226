import { describe, expect, it } from 'vitest';
import { markdownProse, scriptProse } from '../../style/prose.js';
import { refusedWords, words } from '../../style/words.js';

const found = (text: string) => refusedWords(text).map((word) => word.found);

describe('words that the style refuses are found, with what to write instead', () => {
  it.each([
    ['A node believes a seed.', 'believes'],
    ['Only one: the lock alone is read.', 'alone'],
    ['The folder lies in out/.', 'lies'],
    ['It stands in the manifest.', 'stands'],
    ['The lock is beside the spec.', 'beside'],
    ['The difference is told once.', 'told'],
    ['What the manifest says of it.', 'says of'],
    ['A key that is none.', 'is none'],
    ['A text that is no key.', 'is no'],
    ['It was made otherwise than before.', 'otherwise than'],
    ['Leave it away.', 'Leave it away'],
    ['It is not to be had.', 'to be had'],
    ['Every node is asked.', 'node is asked'],
    ['It asks each node.', 'asks each node'],
    ['It is written anew.', 'anew'],
    ['It starts once more.', 'once more'],
    ['The root is proven.', 'proven'],
    ['The rooms of the house.', 'rooms'],
    ['The packages do not go together.', 'do not go together'],
  ])('%s', (text, word) => {
    expect(found(text)).toContain(word);
    expect(refusedWords(text)[0]?.write).not.toBe('');
  });

  it.each([
    'A stand-in stands for a package, and stands out.',
    'There is no key, there is none in the seed, and it is no longer used.',
    'Leave them alone. It is besides the second one.',
    'What was asked by a person.',
    'There\nare no passwords.',
  ])('ordinary English passes: %s', (text) => {
    expect(found(text)).toEqual([]);
  });

  it('each rule names a replacement, and finds every occurrence', () => {
    expect(words.filter(({ refuse, write }) => write === '' || !refuse.global)).toEqual([]);
  });

  it('line and column are reported', () => {
    expect(refusedWords('One line.\nIt is proven.')).toMatchObject([{ line: 2, column: 7, found: 'proven' }]);
  });
});

describe('only text that people read is checked', () => {
  it('in Markdown: no code, addresses or comments of the page', () => {
    const page = [
      'Prose `proven` and [a link](https://example.org/proven.md) <!-- proven -->.',
      '',
      '```',
      'root proven',
      '```',
      '',
      'It is proven.',
    ].join('\n');
    expect(refusedWords(markdownProse(page))).toMatchObject([{ line: 7, column: 7 }]);
  });

  it('in TypeScript: docstrings and sentences, but no names, comments, imports and single words', () => {
    const module = [
      "import { proven } from './proven by.ts';",
      '/** Whether it is proven; `proven` is its name. */',
      'export const proof = (proven: string) => [',
      "  'proven', // proven by us",
      "  `proven ${proven} and ${'is proven'}`,",
      "  'it lies in out',",
      '];',
    ].join('\n');
    expect(refusedWords(scriptProse(module))).toMatchObject([
      { line: 2, column: 19, found: 'proven' },
      { line: 5, column: 4, found: 'proven' },
      { line: 5, column: 31, found: 'proven' },
      { line: 6, column: 7, found: 'lies' },
    ]);
  });
});
