import { expect, test } from 'vitest';
import { signedByOf } from '../../../../src/inputs/apt/signed-by.ts';

test('the key of a line of a .list file', () => {
  const text =
    '# hi\ndeb [arch=amd64 signed-by=/k/l.gpg] http://l.example/debian bookworm main\ndeb http://p.example/ b main\n';
  expect(signedByOf(text, 2, 'list')).toBe('/k/l.gpg');
  expect(signedByOf(text, 3, 'list')).toBeUndefined();
  expect(signedByOf(text, 9, 'list')).toBeUndefined();
});

test('the key of a stanza of a .sources file; comments are not stanzas', () => {
  const text = `# head

# another

Types: deb
# inside
Signed-By: /k/one.gpg
URIs: http://a.example/


Types: deb
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 -----END PGP PUBLIC KEY BLOCK-----

types: deb
signed-by: /k/three.gpg
`;
  expect(signedByOf(text, 1, 'sources')).toBe('/k/one.gpg');
  expect(signedByOf(text, 2, 'sources')).toContain('BEGIN PGP');
  expect(signedByOf(text, 3, 'sources')).toBe('/k/three.gpg');
  expect(signedByOf('Types: deb\n', 1, 'sources')).toBeUndefined();
});
