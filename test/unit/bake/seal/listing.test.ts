import { expect, test } from 'vitest';
import { accountFaults } from '../../../../src/bake/seal/account-faults.ts';
import { listingOf, listingOfLine } from '../../../../src/bake/seal/listing.ts';
import { parseAllowedPrivileges } from '../../../../src/bake/seal/privileges.ts';
import type { ManifestEntry } from '../../../../src/version/manifest.ts';

const entry = (more: Partial<ManifestEntry>): ManifestEntry => ({
  ...{ path: '/x', type: 'file', mode: '0644', uid: 0, gid: 0, mtime: 1_763_769_659 },
  ...more,
});

test.each([
  ['-rwsr-Sr-T 0/42                 5 2025-11-22 00:00 /x', entry({ mode: '7744', gid: 42, size: 5 })],
  [
    'drwxrwxrwt 0/0                 35 2025-11-22 00:00 ',
    entry({ path: '/', type: 'directory', mode: '1777' }),
  ],
  [
    'lrwxrwxrwx 0/0                  3 2025-11-22 00:00 /x -> a b',
    entry({ type: 'symlink', mode: '0777', target: 'a b' }),
  ],
  [
    'crw-rw-rw- 0/0               1,  3 2025-11-22 00:00 /x',
    entry({ type: 'char', mode: '0666', device: { major: 1, minor: 3 } }),
  ],
])('the listing of unsquashfs is compared with the manifest: %s', (line, said) => {
  expect(listingOfLine(line)).toBe(listingOf(said));
  expect(listingOf({ ...said, uid: 1 })).not.toBe(listingOfLine(line));
  expect(listingOf({ ...said, mode: '0000' })).not.toBe(listingOfLine(line));
});

test('the list of allowed programs has a path, or a path and the reason', () => {
  expect([
    ...parseAllowedPrivileges('/usr/bin/sudo\n/opt/My App/x\tstarts\tits sandbox\n\n# none\n'),
  ]).toEqual([
    ['/usr/bin/sudo', ''],
    ['/opt/My App/x', 'starts its sandbox'],
  ]);
});

test('accounts: a group password, a name that appears twice, an invalid number', () => {
  const nothing = { passwd: '', shadow: '', group: '', gshadow: '', sysusers: '' };
  expect(accountFaults({ ...nothing, gshadow: 'a:!::\nb:*::\nc:::\nd:$y$x::\n' })).toEqual([
    '/etc/gshadow: the group d has a password',
  ]);
  expect(accountFaults({ ...nothing, group: 'a:x:1:\na:x:2:\nb:x::\n' })).toEqual([
    '/etc/passwd or /etc/group: b has the number ""',
    '/etc/group: a is there twice',
  ]);
  expect(
    accountFaults({
      ...nothing,
      sysusers: 'u a 5\nu b -\ng c 6\nm a c\n',
      passwd: 'a:x:5:5::/:\n',
      group: 'a:x:5:\n',
    }),
  ).toEqual(['/etc/group: c must have the number 6 (sysusers.d), and it is not there']);
});
