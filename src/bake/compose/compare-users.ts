import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IngotError } from '../../host/ingot-error.ts';
import type { FixedUser } from './fixed-users.ts';

interface Entry {
  readonly name: string;
  readonly number: number;
}

/** Names and numbers from passwd(5) or group(5), which have both in the same fields. */
function entriesOf(text: string): Entry[] {
  return text
    .split('\n')
    .filter((line) => line.includes(':'))
    .map((line) => line.split(':'))
    .map(([name = '', , number = '']) => ({ name, number: Number(number) }));
}

/** How a file differs from the fixed users, one line each; `foreign` are the names that hold a reserved number. */
function differencesIn(
  kind: 'user' | 'group',
  text: string,
  users: readonly FixedUser[],
  mayMiss: readonly FixedUser[],
): { lines: string[]; foreign: string[] } {
  const entries = entriesOf(text);
  const lines: string[] = [];
  const foreign: string[] = [];
  for (const user of [...users, ...mayMiss]) {
    const { name, number, comment } = user;
    const own = entries.filter((entry) => entry.name === name);
    const others = entries.filter((entry) => entry.number === number && entry.name !== name);
    for (const other of others) {
      lines.push(
        `the ${kind} ${other.name} has the number ${number}, which ingot needs for ${name} (${comment})`,
      );
      foreign.push(other.name);
    }
    if (own.length === 0 && others.length === 0 && users.includes(user))
      lines.push(`there is no ${kind} ${name}, which has the number ${number}`);
    for (const one of own.filter((entry) => entry.number !== number)) {
      lines.push(
        `the ${kind} ${name} has the number ${one.number}; ingot needs it to be ${number} (${comment})`,
      );
      foreign.push(name);
    }
  }
  const shared = entries.filter(
    ({ name, number }, index) =>
      entries.findIndex((entry) => entry.number === number) < index && !foreign.includes(name),
  );
  for (const { name, number } of shared) {
    const first = entries.find((entry) => entry.number === number);
    lines.push(`the ${kind}s ${first?.name ?? ''} and ${name} share the number ${number}`);
    foreign.push(name);
  }
  return { lines, foreign };
}

/** Explains a package's own message about a number that is taken; empty if it names none of the fixed users. */
export function numberHint(words: readonly string[], users: readonly FixedUser[]): string[] {
  const taken = words.filter((line) => /uid|gid|exist|in use|not unique/i.test(line)).join(' ');
  const mentioned = taken.split(/[^A-Za-z0-9_-]+/);
  return users
    .filter(({ name, number }) => mentioned.includes(String(number)) || mentioned.includes(name))
    .map(
      ({ name, number, comment }) =>
        `the number ${number} and the name ${name} are reserved in every image, for: ${comment}; they own files on the data partitions of nodes. The package has to take others`,
    );
}

/** How passwd and group differ from what is required, one line each, and the names that cause it. */
export function userDifferences(
  passwd: string,
  group: string,
  users: readonly FixedUser[],
  mayMiss: readonly FixedUser[] = [],
): { readonly lines: readonly string[]; readonly foreign: readonly string[] } {
  const found = [
    differencesIn('user', passwd, users, mayMiss),
    differencesIn('group', group, users, mayMiss),
  ];
  return {
    lines: found.flatMap(({ lines }) => lines),
    foreign: [...new Set(found.flatMap(({ foreign }) => foreign))],
  };
}

const createsUsers = /useradd|groupadd|adduser|addgroup|sysusers|etc\/(?:passwd|group)/;

/** The packages of a tree whose scripts create users and mention one of these names. */
async function packagesNaming(tree: string, names: readonly string[]): Promise<string[]> {
  const info = join(tree, 'var/lib/dpkg/info');
  const found: string[] = [];
  for (const file of (await readdir(info).catch(() => [])).sort()) {
    const name = /^(.*)\.(?:preinst|postinst)$/.exec(file)?.[1];
    if (name === undefined) continue;
    const text = await readFile(join(info, file), 'utf8');
    if (createsUsers.test(text) && names.some((user) => text.split(/[^A-Za-z0-9_.-]+/).includes(user)))
      found.push(name);
  }
  return [...new Set(found)];
}

/**
 * Checks that each fixed number belongs to its user and its group in a tree, that nobody else has it, and that no two
 * names share a number.
 * @param mayMiss users that do not exist yet, whose numbers nobody may have
 * @param when what was done to the tree, for the error
 * @throws IngotError wrong-root that names each number, its purpose and the package
 */
export async function requireFixedUsers(
  tree: string,
  users: readonly FixedUser[],
  when: string,
  mayMiss: readonly FixedUser[] = [],
): Promise<void> {
  const read = (name: string) => readFile(join(tree, 'etc', name), 'utf8');
  const { lines, foreign } = userDifferences(await read('passwd'), await read('group'), users, mayMiss);
  const [first, ...more] = lines;
  if (first === undefined) return;
  const packages = foreign.length === 0 ? [] : await packagesNaming(tree, foreign);
  const brought = packages.length === 0 ? '' : `; the scripts of ${packages.join(', ')} name it`;
  throw new IngotError({
    code: 'wrong-root',
    message: `${when}: ${first}${brought}`,
    excerpt: more,
    hint: 'numbers that ingot needs own files on the data partitions of nodes and cannot change: let the package take another number, or give the user another number in images/…/usr/lib/sysusers.d and move the data',
  });
}
