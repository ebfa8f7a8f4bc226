import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AccessList,
  accessListFault,
  listedByTmpfiles,
  parseAccessList,
  widensAccess,
} from '../../../../src/bake/seal/access-lists.ts';

const owner = 1;
const ownGroup = 10;
const rights = fc.nat(7);
const lists: fc.Arbitrary<AccessList> = fc.record({
  owner: rights,
  group: rights,
  other: rights,
  mask: rights,
  users: fc.array(fc.tuple(fc.constantFrom(2, 3), rights), { maxLength: 2 }).map((list) => new Map(list)),
  groups: fc.array(fc.tuple(fc.constantFrom(11, 12), rights), { maxLength: 2 }).map((list) => new Map(list)),
});
/** Every process that matters: of the owner, of named and other users, in every set of groups. */
const processes = [owner, 2, 3, 4].flatMap((uid) =>
  [[], [ownGroup], [11], [12], [11, 12], [ownGroup, 11], [ownGroup, 11, 12]].map((gids) => ({ uid, gids })),
);
const has = (given: number, asked: number): boolean => (asked & ~given) === 0;

/** The algorithm of acl(5), "ACCESS CHECK ALGORITHM". */
function mayWithList(list: AccessList, uid: number, gids: readonly number[], asked: number): boolean {
  const mask = list.mask ?? 7;
  if (uid === owner) return has(list.owner, asked);
  const named = list.users.get(uid);
  if (named !== undefined) return has(named & mask, asked);
  const matching = [
    ...(gids.includes(ownGroup) ? [list.group] : []),
    ...[...list.groups].filter(([gid]) => gids.includes(gid)).map(([, given]) => given),
  ];
  if (matching.length > 0) return matching.some((given) => has(given & mask, asked));
  return has(list.other, asked);
}

function mayWithMode(mode: number, uid: number, gids: readonly number[], asked: number): boolean {
  if (uid === owner) return has((mode >> 6) & 7, asked);
  return has(gids.includes(ownGroup) ? (mode >> 3) & 7 : mode & 7, asked);
}

describe('an access-control list that a squashfs drops', () => {
  it('is accepted only if nobody can do more afterwards than before, by the algorithm of acl(5)', () => {
    fc.assert(
      fc.property(lists, (list) => {
        // The mode of a file with a list has the mask in place of the group permissions.
        const mode = (list.owner << 6) | ((list.mask ?? 7) << 3) | list.other;
        if (widensAccess(list, mode)) return;
        for (const { uid, gids } of processes)
          for (let asked = 1; asked <= 7; asked += 1)
            if (mayWithMode(mode, uid, gids, asked)) expect(mayWithList(list, uid, gids, asked)).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });

  // The list that systemd-tmpfiles of Debian 12 sets on /var/log/journal.
  const journal = Buffer.from(
    '0200000001000700ffffffff04000500ffffffff080005000400000010000500ffffffff20000500ffffffff',
    'hex',
  );

  it('may be dropped from the journal, where the node sets it again at boot, and nowhere else', () => {
    const again = listedByTmpfiles('a+ /var/log/journal - - - - d:group::r-x\n#a /etc\nd /var/lib/x\n');
    const both = new Map([
      ['system.posix_acl_access', journal],
      ['system.posix_acl_default', journal],
    ]);
    expect(accessListFault('/var/log/journal', 0o42755, both, again)).toBeUndefined();
    expect(accessListFault('/etc/x', 0o42755, both, again)).toMatch(
      /no tmpfiles.d of the image sets it again/,
    );
    expect(accessListFault('/var/log/journal', 0o42775, both, again)).toMatch(/could do more/);
    expect(accessListFault('/etc/x', 0o644, new Map([['user.x', journal]]), again)).toBeUndefined();
  });

  it('is refused if it is not understood', () => {
    expect(parseAccessList(Buffer.from('0300000001000700ffffffff', 'hex'))).toBeUndefined();
    const odd = new Map([['system.posix_acl_access', Buffer.alloc(3)]]);
    expect(accessListFault('/x', 0o644, odd, new Set(['/x']))).toMatch(/could do more/);
  });
});
