import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  aptUrl,
  canonicalUrl,
  copyUrl,
  encodePath,
  isUrl,
  sameUrl,
} from '../../../../src/inputs/url/canonical-url.ts';

test.each([
  ['file:///srv/repo', 'file:/srv/repo'],
  ['file://localhost/srv/repo', 'file:/srv/repo/'],
  ['FILE:/srv//repo/', 'file:/srv/repo'],
  ['HTTP://Mirror.Example:80/debian', 'http://mirror.example/debian/'],
  ['https://mirror.example:443/a', 'https://mirror.example/a'],
  ['http://mirror.example/~user', 'http://mirror.example/%7euser'],
  ['http://mirror.example/a%2Bb', 'http://mirror.example/a+b'],
  ['http://mirror.example/%41', 'http://mirror.example/A'],
  ['http://mirror.example//a///b', 'http://mirror.example/a/b'],
  ['http://user:secret@mirror.example/a', 'http://mirror.example/a'],
  ['http://[::1]:80/a', 'http://[::1]/a'],
])('%s and %s are the same', (left, right) => {
  expect(canonicalUrl(left)).toBe(canonicalUrl(right));
});

test.each([
  ['http://mirror.example/a', 'https://mirror.example/a'],
  ['http://mirror.example:8080/a', 'http://mirror.example/a'],
  ['http://mirror.example/a', 'http://mirror.example/A'],
  ['http://mirror.example/a%2fb', 'http://mirror.example/a/b'],
  ['http://mirror.example/a%25', 'http://mirror.example/a%2525'],
])('%s and %s are not', (left, right) => {
  expect(sameUrl(left, right)).toBe(false);
});

const path = fc
  .array(
    fc.string({ unit: 'grapheme', minLength: 1 }).map((name) => name.replaceAll(/[/\0]/g, '_')),
    { minLength: 1 },
  )
  .map((names) => `/${names.join('/')}`);

test('property: a path of this machine can be read back from its URL, which contains nothing special to apt or a sources file', () => {
  fc.assert(
    fc.property(path, (name) => {
      expect(decodeURIComponent(encodePath(name))).toBe(name);
      expect(copyUrl(name)).toMatch(/^copy:[A-Za-z0-9/._~%-]+$/);
      expect(isUrl(copyUrl(name))).toBe(true);
      expect(isUrl(name)).toBe(false);
    }),
  );
});

test('property: the form for apt names the same place, is stable, and has no blanks and only ASCII letters', () => {
  fc.assert(
    fc.property(
      path,
      fc.constantFrom('http://h.example', 'file:', 'https://h.example:8443'),
      (name, begin) => {
        const url = `${begin}${name}`;
        const form = aptUrl(url);
        expect(aptUrl(form)).toBe(form);
        expect(canonicalUrl(canonicalUrl(url))).toBe(canonicalUrl(url));
        expect(form).toMatch(/^[!-~]+$/);
        expect(form).not.toMatch(/[$()[\]{}"'<>\\^`|#]/);
      },
    ),
  );
});

test('credentials are never part of a form', () => {
  expect(aptUrl('https://u:p%40ss@Mirror.Example/debian')).toBe('https://mirror.example/debian');
});
