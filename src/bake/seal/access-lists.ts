/**
 * An access-control list as the kernel stores it in system.posix_acl_access (acl(5),
 * include/uapi/linux/posix_acl_xattr.h).
 */
export interface AccessList {
  readonly owner: number;
  readonly group: number;
  readonly other: number;
  /** The upper limit for named users and all groups; undefined without such an entry. */
  readonly mask: number | undefined;
  readonly users: ReadonlyMap<number, number>;
  readonly groups: ReadonlyMap<number, number>;
}

const tags = { owner: 0x01, user: 0x02, group: 0x04, namedGroup: 0x08, mask: 0x10, other: 0x20 } as const;

/** Parses the value of the attribute; undefined if it is not version 2 of the format. */
export function parseAccessList(value: Buffer): AccessList | undefined {
  if (value.length < 4 || value.length % 8 !== 4 || value.readUInt32LE(0) !== 2) return undefined;
  const single = new Map<number, number>();
  const users = new Map<number, number>();
  const groups = new Map<number, number>();
  for (let at = 4; at < value.length; at += 8) {
    const [tag, rights, id] = [
      value.readUInt16LE(at),
      value.readUInt16LE(at + 2) & 7,
      value.readUInt32LE(at + 4),
    ];
    if (tag === tags.user) users.set(id, rights);
    else if (tag === tags.namedGroup) groups.set(id, rights);
    else single.set(tag, rights);
  }
  const [owner, group, other] = [single.get(tags.owner), single.get(tags.group), single.get(tags.other)];
  if (owner === undefined || group === undefined || other === undefined) return undefined;
  return { owner, group, other, mask: single.get(tags.mask), users, groups };
}

/**
 * Whether anybody could do more with a file when its list is dropped and its mode stays, as in a squashfs. The group
 * bits of the mode are then those of the mask, and users that the list names get the permissions of the group or of the
 * others (acl(5), "access check algorithm").
 * @param mode permission bits of the file, as in lstat(2)
 */
export function widensAccess(list: AccessList, mode: number): boolean {
  const after = { group: (mode >> 3) & 7, other: mode & 7 };
  const mask = list.mask ?? 7;
  const exceeds = (then: number, before: number): boolean => (then & ~before) !== 0;
  // Each entry counts on its own; a member of several groups has the permissions of each.
  if (
    exceeds((mode >> 6) & 7, list.owner) ||
    exceeds(after.group, list.group & mask) ||
    exceeds(after.other, list.other)
  )
    return true;
  const namedUser = [...list.users.values()].some(
    (rights) => exceeds(after.group, rights & mask) || exceeds(after.other, rights & mask),
  );
  return namedUser || [...list.groups.values()].some((rights) => exceeds(after.other, rights & mask));
}

/**
 * Parses the text of all tmpfiles.d files for paths whose list systemd-tmpfiles sets again at every boot
 * (tmpfiles.d(5), types a, a+, A, A+).
 */
export function listedByTmpfiles(tmpfiles: string): Set<string> {
  const lines = tmpfiles.split('\n').map((line) => line.trim().split(/\s+/));
  return new Set(
    lines.flatMap(([type = '', path = '']) =>
      /^[aA][+!-]*$/.test(type) && path.startsWith('/') ? [path] : [],
    ),
  );
}

/**
 * Describes the fault of the lists of one path; undefined if they may be dropped. A squashfs cannot store them, so they
 * are refused unless the node sets them again and dropping them widens nobody's permissions.
 */
export function accessListFault(
  path: string,
  mode: number,
  attributes: ReadonlyMap<string, Buffer>,
  setAgain: ReadonlySet<string>,
): string | undefined {
  const access = attributes.get('system.posix_acl_access');
  const names = [...attributes.keys()].filter((name) => name.startsWith('system.posix_acl_'));
  if (names.length === 0) return undefined;
  const list = access === undefined ? undefined : parseAccessList(access);
  if (access !== undefined && (list === undefined || widensAccess(list, mode)))
    return `${path}: an access-control list, which a squashfs cannot hold: without it somebody could do more with the file than now`;
  if (setAgain.has(path)) return undefined;
  return `${path}: an access-control list, which a squashfs cannot hold, and no tmpfiles.d of the image sets it again at boot`;
}
