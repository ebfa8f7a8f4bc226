import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isHostPath, parseDestination } from '../../../../src/publish/rsync/destination.ts';

test.each([
  ['rsync://server.example/boot', 'rsync://server.example/boot', false],
  ['rsync://me@server.example:8730/boot/rack 1/', 'rsync://me@server.example:8730/boot/rack 1', false],
  ['server:/srv/boot//', 'server:/srv/boot', true],
  ['me@server:boot', 'me@server:boot', true],
  ['[fd00::1]:/srv', '[fd00::1]:/srv', true],
])('%s is an address of rsync', (to, address, overSsh) => {
  expect(parseDestination(to)).toEqual({ address, overSsh });
});

test.each([
  'rsync://server.example',
  'rsync://server.example/',
  'rsync:///boot',
  'rsync://-oProxyCommand=x/boot',
  '-e sh:/srv',
  '-oProxyCommand=x:/srv',
  'me@-x:/srv',
  'server:',
  'server:/srv\nboot',
])('%j is refused', (to) => {
  expect(() => parseDestination(to)).toThrow(expect.objectContaining({ code: 'wrong-usage' }));
});

test('an address with a password is refused without repeating it', () => {
  const refused = () => parseDestination('rsync://me:hunter2@server/boot');
  expect(refused).toThrow(/RSYNC_PASSWORD/);
  expect(refused).not.toThrow(/hunter2/);
});

test('no address becomes an option of rsync or ssh', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('-', 'o', 'e', '@', ':', '/', '[', ']', 'a', '.', ' ') }),
      (to) => {
        let address = '';
        try {
          ({ address } = parseDestination(to));
        } catch {
          return;
        }
        expect(address).not.toMatch(/^-/);
        expect(address.slice(0, address.indexOf(':')).split('@').at(-1)).not.toMatch(/^-/);
      },
    ),
  );
});

test('a colon before any slash is a host, as for rsync; a path with a colon later is a folder', () => {
  for (const to of ['server:/srv', 'me@server:x']) expect(isHostPath(to)).toBe(true);
  for (const to of ['/srv/a:b', './a:b', 'a/b:c', 'srv', 's3://a/b']) expect(isHostPath(to)).toBe(false);
});
