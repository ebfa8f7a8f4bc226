import fc from 'fast-check';
import { expect, test } from 'vitest';
import { credentialsOf, withoutCredentials } from '../../../../src/inputs/url/credentials.ts';

test('the credentials of a URL are read as they were meant', () => {
  expect(credentialsOf('https://bob:p%40ss%3a1@mirror.example/debian')).toEqual({
    ...{ url: 'https://mirror.example/debian', login: 'bob', password: 'p@ss:1' },
  });
  expect(credentialsOf('https://token@mirror.example/a')).toMatchObject({ login: 'token', password: '' });
  expect(credentialsOf('https://mirror.example/a@b')).toBe(undefined);
});

test('a line that is shown keeps its length without the password', () => {
  const line = "    url: 'http://bob:hunter2@mirror.example/debian' # ours";
  expect(withoutCredentials(line)).toBe("    url: 'http://***********@mirror.example/debian' # ours");
});

test('property: no text shows the password of a URL in it', () => {
  const word = fc.stringMatching(/^[A-Za-z0-9._~!$&()*+,;=:%/?#[\]-]{6,12}$/);
  fc.assert(
    fc.property(word, word, fc.string(), (login, password, around) => {
      const shown = withoutCredentials(`${around} https://${login}:${password}@h.example/x`);
      expect(shown.slice(around.length)).not.toContain(`:${password}@`);
    }),
  );
});
