import { expect, test } from 'vitest';
import { installedStanza, stanzaOf, stanzasNamed } from '../../../../src/inputs/lock/stanzas.ts';

const index = `Package: a
Version: 1
Description: ä
 .
 Package: b
Filename: pool/a.deb
Size: 3
SHA256: ${'0'.repeat(64)}

Package: ab
Version: 2


Package: b
Version: 3`;

const found = (...names: string[]) =>
  [...stanzasNamed(Buffer.from(index), new Set(names))].map((one) => one.field('Version'));

test('stanzas are found by their whole name, including the last one without an end', () => {
  expect(found('a')).toEqual(['1']);
  expect(found('b')).toEqual(['3']);
  expect(found('ab', 'a', 'x')).toEqual(['1', '2']);
  expect(found()).toEqual([]);
});

test('an installed package has a status and no data about its file', () => {
  const [stanza = stanzaOf('')] = stanzasNamed(Buffer.from(index), new Set(['a']));
  expect(installedStanza(stanza)).toBe(
    'Package: a\nStatus: install ok installed\nVersion: 1\nDescription: ä\n .\n Package: b',
  );
});
