import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RolePlan } from '../../inputs/plan/plan.ts';

/** A user with a fixed number, and the group of the same name and number; from a line of sysusers.d(5). */
export interface FixedUser {
  readonly name: string;
  readonly number: number;
  readonly comment: string;
  readonly home: string;
  readonly shell: string;
}

// Names as sysusers.d(5) allows them.
const line = /^u\s+([A-Za-z_][A-Za-z0-9_-]*)\s+(\d+)\s+"([^"]*)"\s+(\S+)\s+(\S+)\s*$/gm;

/** Parses the users of a sysusers.d file that have a fixed number. */
export function parseSysusers(text: string): FixedUser[] {
  return [...text.matchAll(line)].map(([, name = '', number = '', comment = '', home = '', shell = '']) => ({
    name,
    number: Number(number),
    comment,
    home,
    shell,
  }));
}

/** The users with a fixed number in these layers of images/ (absolute rootfs folders). */
export async function fixedUsersOf(layers: readonly string[]): Promise<FixedUser[]> {
  const users: FixedUser[] = [];
  for (const layer of layers) {
    const folder = join(layer, 'usr/lib/sysusers.d');
    for (const name of (await readdir(folder).catch(() => [])).sort())
      users.push(...parseSysusers(await readFile(join(folder, name), 'utf8')));
  }
  return users;
}

/** The layers that all roles have in common. */
export function sharedLayers(roles: readonly RolePlan[]): string[] {
  return (roles[0]?.layers ?? []).filter((layer) => roles.every(({ layers }) => layers.includes(layer)));
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/**
 * Shell that adds the users to a tree before a package can take their numbers. As long as there is no shadow file, the
 * locked password is written to passwd, and pwconv(8) moves it later. A name or number that is already taken is
 * reported by the comparison afterwards.
 */
export function reserveUsers(users: readonly FixedUser[]): string {
  const lines = users.map(({ name, number, comment, home, shell }) =>
    ['reserve', name, String(number), comment, home, shell].map(quoted).join(' '),
  );
  return `set -eu
taken() { cut -d: -f1,3 "$1" | grep -q -e "^$2:" -e ":$3\\$"; }
reserve() {
  if ! taken /etc/group "$1" "$2"; then
    if [ -e /etc/gshadow ]; then echo "$1:x:$2:" >>/etc/group; echo "$1:!*::" >>/etc/gshadow
    else echo "$1:!*:$2:" >>/etc/group; fi
  fi
  taken /etc/passwd "$1" "$2" && return
  if [ -e /etc/shadow ]; then
    echo "$1:x:$2:$2:$3:$4:$5" >>/etc/passwd
    echo "$1:!*:$((SOURCE_DATE_EPOCH / 86400))::::::" >>/etc/shadow
  else echo "$1:!*:$2:$2:$3:$4:$5" >>/etc/passwd; fi
}
${lines.join('\n')}
`;
}

/**
 * Shell without single quotes that removes these users from a tree again: packages could not take their numbers, and the
 * roles that have these users create them.
 */
export function releaseUsers(users: readonly FixedUser[]): string {
  const lines = users.map(({ name }) => `-e "/^${name}:/d"`).join(' ');
  const files = 'for file in passwd group shadow gshadow; do for copy in $file $file-; do';
  return `cd /etc; ${files} [ ! -e $copy ] || sed -i ${lines} $copy; done; done`;
}
