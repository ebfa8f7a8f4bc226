import { applyPatch, parsePatch } from 'diff';
import { expect, test } from 'vitest';
import { diffRendered } from '../../../src/render/diff-rendered.ts';

const rendered = [
  { path: 'a', content: 'one\ntwo\n' },
  { path: 'b', content: 'same\n' },
];

test('nothing is shown if nothing would change', () => {
  expect(diffRendered(new Map(rendered.map(({ path, content }) => [path, content])), rendered)).toBe('');
});

test('the changes can be applied to the files on disk', () => {
  const diff = diffRendered(
    new Map([
      ['a', 'one\n2\n'],
      ['b', 'same\n'],
    ]),
    rendered,
  );
  const [patch] = parsePatch(diff);
  expect(patch).toMatchObject({ oldFileName: 'a/a', newFileName: 'b/a' });
  expect(patch && applyPatch('one\n2\n', patch)).toBe('one\ntwo\n');
});

test('a file that is new or no longer rendered is compared with /dev/null', () => {
  const diff = diffRendered(
    new Map([
      ['gone', 'x\n'],
      ['b', 'same\n'],
    ]),
    rendered,
  );
  expect(diff).toContain('--- /dev/null\n+++ b/a\n');
  expect(diff).toContain('--- a/gone\n+++ /dev/null\n');
});
