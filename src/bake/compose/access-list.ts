/**
 * An entry of an access-control list in its extended attribute (Linux, posix_acl_xattr.h: version 2, then tag,
 * permissions, id).
 */
export interface AccessEntry {
  readonly tag: 'owner' | 'user' | 'group-of-file' | 'group' | 'mask' | 'other';
  /** 4 read, 2 write, 1 execute. */
  readonly rights: number;
  readonly id: number;
}

const tags: Readonly<Record<number, AccessEntry['tag']>> = {
  0x01: 'owner',
  0x02: 'user',
  0x04: 'group-of-file',
  0x08: 'group',
  0x10: 'mask',
  0x20: 'other',
};

/** Parses the value of system.posix_acl_access; entries of an unknown kind are skipped. */
export function accessEntries(value: Buffer): AccessEntry[] {
  const entries: AccessEntry[] = [];
  for (let at = 4; at + 8 <= value.length; at += 8) {
    const tag = tags[value.readUInt16LE(at)];
    if (tag !== undefined)
      entries.push({ tag, rights: value.readUInt16LE(at + 2) & 7, id: value.readUInt32LE(at + 4) });
  }
  return entries;
}

/** The result for a file when its list is removed. */
export interface WithoutList {
  /** Its mode. */
  readonly mode: number;
  /** Who loses permissions: "user 33 (rw-)". */
  readonly losing: readonly string[];
}

const letters = (rights: number): string =>
  ['r', 'w', 'x'].map((letter, index) => ((rights & (4 >> index)) === 0 ? '-' : letter)).join('');

/**
 * Computes the mode of a file without its list so that nobody gains a permission. The group bits of its mode are the
 * mask of the list (acl(5)); without the list they would grant what the group itself does not have.
 * @param mode as reported by stat, with the mask in the group bits
 */
export function withoutList(mode: number, entries: readonly AccessEntry[]): WithoutList {
  const mask = entries.find(({ tag }) => tag === 'mask')?.rights ?? 7;
  const group = entries.find(({ tag }) => tag === 'group-of-file')?.rights ?? (mode >> 3) & 7;
  const named = entries.filter(({ tag }) => tag === 'user' || tag === 'group');
  // Without the list, a named user falls under the group or under all others. If the list grants less than they have,
  // they are reduced to that.
  const least = named.reduce((rights, entry) => rights & entry.rights & mask, 7);
  return {
    mode: (mode & 0o7700) | ((group & mask & least) << 3) | (mode & 7 & least),
    losing: named.map(({ tag, id, rights }) => `${tag} ${id} (${letters(rights & mask)})`),
  };
}
