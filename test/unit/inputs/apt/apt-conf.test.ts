import { expect, test } from 'vitest';
import { IngotError } from '../../../../src/host/ingot-error.ts';
import { authConf } from '../../../../src/inputs/apt/apt-auth.ts';
import { aptConf } from '../../../../src/inputs/apt/apt-conf.ts';
import { ingotErrorOf } from '../../../samples/spec.ts';

test('a value is escaped if necessary, because apt.conf has no escapes in quotes', () => {
  expect(
    aptConf([
      ['Dir', '/a b/"c"; # é//x'],
      ['Empty', ''],
    ]),
  ).toBe('Dir /a%20b/%22c%22%3b%20%23%20%c3%a9/%2fx;\nEmpty "";\n');
});

test('credentials are bound to their URL, scheme and path', () => {
  expect(authConf([{ url: 'http://h.example/a', login: 'bob', password: 'hunter2' }])).toBe(
    'machine http://h.example/a login bob password hunter2\n',
  );
});

test.each(['two words', '', '#x'])(
  'the password "%s", which apt_auth.conf cannot hold, is refused and not shown',
  (password) => {
    const error = ingotErrorOf(() => authConf([{ url: 'http://h.example/a', login: 'bob', password }]));
    expect(error).toBeInstanceOf(IngotError);
    expect(error.message).toContain('the password for http://h.example/a');
    if (password !== '') expect(`${error.message}${error.hint ?? ''}`).not.toContain(password);
  },
);
