import fc from 'fast-check';
import { expect, test } from 'vitest';
import { accessEntries, type AccessEntry, withoutList } from '../../../../src/bake/compose/access-list.ts';

const tags = { owner: 1, user: 2, 'group-of-file': 4, group: 8, mask: 16, other: 32 } as const;

function valueOf(entries: readonly AccessEntry[]): Buffer {
  const value = Buffer.alloc(4 + 8 * entries.length);
  value.writeUInt32LE(2, 0);
  entries.forEach(({ tag, rights, id }, index) => {
    value.writeUInt16LE(tags[tag], 4 + 8 * index);
    value.writeUInt16LE(rights, 6 + 8 * index);
    value.writeUInt32LE(id, 8 + 8 * index);
  });
  return value;
}

const rights = fc.integer({ min: 0, max: 7 });
const nobody = 0xffff_ffff;
const list = fc
  .record({
    owner: rights,
    group: rights,
    mask: rights,
    other: rights,
    users: fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 5 }), rights), { selector: ([id]) => id }),
    groups: fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 5 }), rights), { selector: ([id]) => id }),
  })
  .map((made) => ({
    mode: (made.owner << 6) | (made.mask << 3) | made.other,
    entries: [
      { tag: 'owner', rights: made.owner, id: nobody },
      ...made.users.map(([id, right]) => ({ tag: 'user', rights: right, id }) as const),
      { tag: 'group-of-file', rights: made.group, id: nobody },
      ...made.groups.map(([id, right]) => ({ tag: 'group', rights: right, id }) as const),
      { tag: 'mask', rights: made.mask, id: nobody },
      { tag: 'other', rights: made.other, id: nobody },
    ] satisfies AccessEntry[],
  }));

const owner = 100;
const group = 200;

/**
 * What somebody may do according to a list (acl(5), "ACCESS CHECK ALGORITHM"): each permission separately, because with
 * several groups any of them is enough.
 */
function may(
  entries: readonly AccessEntry[],
  user: number,
  groups: readonly number[],
  right: number,
): boolean {
  const one = (tag: AccessEntry['tag']) => entries.find((entry) => entry.tag === tag)?.rights ?? 0;
  const mask = one('mask');
  if (user === owner) return (one('owner') & right) !== 0;
  const own = entries.find((entry) => entry.tag === 'user' && entry.id === user);
  if (own !== undefined) return (own.rights & mask & right) !== 0;
  const matching = entries.filter(
    ({ tag, id }) =>
      (tag === 'group-of-file' && groups.includes(group)) || (tag === 'group' && groups.includes(id)),
  );
  if (matching.length > 0) return matching.some((entry) => (entry.rights & mask & right) !== 0);
  return (one('other') & right) !== 0;
}

function mayByMode(mode: number, user: number, groups: readonly number[], right: number): boolean {
  if (user === owner) return ((mode >> 6) & right) !== 0;
  return ((groups.includes(group) ? mode >> 3 : mode) & right) !== 0;
}

test('without the list, nobody has a permission that the list did not give', () => {
  const somebody = fc.constantFrom(owner, 1, 2, 3, 4, 5, 9);
  const theirGroups = fc.subarray([group, 1, 2, 3, 4, 5, 9]);
  fc.assert(
    fc.property(
      list,
      somebody,
      theirGroups,
      fc.constantFrom(1, 2, 4),
      ({ mode, entries }, user, groups, right) => {
        const after = withoutList(mode, accessEntries(valueOf(entries))).mode;
        if (mayByMode(after, user, groups, right)) expect(may(entries, user, groups, right)).toBe(true);
      },
    ),
  );
});

test('a mask does not become the permission of the group, and whoever loses permissions is named', () => {
  const entries: AccessEntry[] = [
    { tag: 'owner', rights: 6, id: nobody },
    { tag: 'user', rights: 6, id: 33 },
    { tag: 'group-of-file', rights: 4, id: nobody },
    { tag: 'mask', rights: 6, id: nobody },
    { tag: 'other', rights: 0, id: nobody },
  ];
  expect(withoutList(0o660, entries)).toEqual({ mode: 0o640, losing: ['user 33 (rw-)'] });
});
