import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergePackages } from '../../../../src/inputs/plan/merge-packages.ts';
import { ingotErrorOf } from '../../../samples/spec.ts';

test('each package appears once, in order, with its version if one is requested', () => {
  expect(mergePackages(['b', 'a=1', 'a', 'b', 'c'])).toEqual(['a=1', 'b', 'c']);
});

test('a package that already exists is omitted, unless another version is requested', () => {
  expect(mergePackages(['a', 'b=1', 'c=2', 'd'], ['a', 'b', 'c=2'])).toEqual(['b=1', 'd']);
});

test('two versions of one package are an error that names both', () => {
  const error = ingotErrorOf(() => mergePackages(['a=1', 'b', 'a=2']));
  expect(error.message).toBe('two versions of one package are wanted: a=1 and a=2');
  expect(error.exitCode).toBe(2);
});

test('the order in which packages are named makes no difference', () => {
  const names = fc.array(fc.constantFrom('a', 'b', 'a=1', 'c=2', 'c', 'd'));
  fc.assert(
    fc.property(names, (list) => {
      expect(mergePackages(list.toReversed())).toEqual(mergePackages(list));
      expect(mergePackages(mergePackages(list))).toEqual(mergePackages(list));
    }),
  );
});
