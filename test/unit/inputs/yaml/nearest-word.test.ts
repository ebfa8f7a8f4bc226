import fc from 'fast-check';
import { expect, test } from 'vitest';
import { editDistance, nearestWord } from '../../../../src/inputs/yaml/nearest-word.ts';

const word = fc.string({ maxLength: 8 });

test.each([
  ['kitten', 'sitting', 3],
  ['', 'abc', 3],
  ['mastres', 'masters', 2],
  ['same', 'same', 0],
])('the distance of %s and %s is %i', (left, right, distance) => {
  expect(editDistance(left, right)).toBe(distance);
});

test('the distance is the same in both directions, and no detour is shorter', () => {
  fc.assert(
    fc.property(word, word, word, (a, b, c) => {
      expect(editDistance(a, b)).toBe(editDistance(b, a));
      expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c));
      expect(editDistance(a, b) === 0).toBe(a === b);
    }),
  );
});

test('a mistyped key finds the intended one', () => {
  const known = ['cluster', 'masters', 'singleMaster', 'mesos', 'marathon', 'layout'];
  expect(nearestWord('mastres', known)).toBe('masters');
  expect(nearestWord('singlemaster', known)).toBe('singleMaster');
  expect(nearestWord('maraton', known)).toBe('marathon');
});

test('a key that resembles no other gets no suggestion', () => {
  expect(nearestWord('zookeeper', ['cluster', 'masters', 'mesos'])).toBeUndefined();
  expect(nearestWord('x', ['a', 'b'])).toBeUndefined();
});
