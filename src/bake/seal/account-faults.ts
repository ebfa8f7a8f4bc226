/**
 * The text of the account files (passwd(5), shadow(5), group(5), gshadow(5)); empty for a file that the image does not
 * have.
 */
export interface AccountFiles {
  readonly passwd: string;
  readonly shadow: string;
  readonly group: string;
  readonly gshadow: string;
  /** Lines of all effective sysusers.d(5) files. */
  readonly sysusers: string;
}

interface Account {
  readonly name: string;
  readonly password: string;
  readonly number: string;
}

/**
 * Lists what is wrong with an image's accounts, as "FILE: what"; empty if they are correct. Nobody may have a password,
 * not even an empty one; only root has the number 0; no name or number occurs twice; every fixed number of sysusers.d
 * is the one in passwd and group.
 */
export function accountFaults(files: AccountFiles): string[] {
  const users = accounts(files.passwd);
  const groups = accounts(files.group);
  return [
    ...loginsWithPassword(files.shadow).map((name) => `/etc/shadow: ${name} can log in with a password`),
    ...users.flatMap(({ name, password }) =>
      // "x" refers to shadow; anything else is a password or an empty one.
      password === 'x' || /^[!*]/.test(password)
        ? []
        : [`/etc/passwd: ${name} can log in ${password === '' ? 'without' : 'with'} a password`],
    ),
    ...[...fields(files.gshadow), ...fields(files.group)]
      .filter(([, password]) => password !== undefined && !/^(?:[!*].*|x|)$/.test(password))
      .map(([name]) => `/etc/gshadow: the group ${name ?? ''} has a password`),
    ...users
      .filter(({ name, number }) => Number(number) === 0 && name !== 'root')
      .map(({ name }) => `/etc/passwd: ${name} has the number 0 of root`),
    ...[...users, ...groups]
      .filter(({ number }) => !/^(?:0|[1-9][0-9]{0,9})$/.test(number))
      .map(
        ({ name, number }) => `/etc/passwd or /etc/group: ${name} has the number ${JSON.stringify(number)}`,
      ),
    ...twice('/etc/passwd', users),
    ...twice('/etc/group', groups),
    ...numberFaults(files.sysusers, users, groups),
  ];
}

/** The accounts of a shadow(5) file whose password field is neither locked ("!…") nor impossible ("*…"). */
export function loginsWithPassword(shadow: string): string[] {
  return fields(shadow)
    .filter(([, password]) => !/^[!*]/.test(password ?? ''))
    .map(([name]) => name ?? '');
}

function fields(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(':'));
}

function accounts(text: string): Account[] {
  return fields(text).map(([name = '', password = '', number = '']) => ({ name, password, number }));
}

function twice(file: string, list: readonly Account[]): string[] {
  const names = new Set<string>();
  const numbers = new Map<string, string>();
  return list.flatMap(({ name, number }) => {
    const other = numbers.get(number);
    const faults = [
      ...(names.has(name) ? [`${file}: ${name} is there twice`] : []),
      ...(other !== undefined && other !== name
        ? [`${file}: ${other} and ${name} have the same number ${number}`]
        : []),
    ];
    names.add(name);
    numbers.set(number, name);
    return faults;
  });
}

/**
 * sysusers.d(5): "u NAME NUMBER", "u NAME NUMBER:GROUP" (a name or number), "g NAME NUMBER"; "-" means that the number
 * is not fixed.
 */
function numberFaults(sysusers: string, users: readonly Account[], groups: readonly Account[]): string[] {
  const faults: string[] = [];
  const want = (file: string, list: readonly Account[], name: string, number: string): void => {
    const found = list.find((one) => one.name === name);
    if (found?.number === number) return;
    const is = found === undefined ? 'it is not there' : `it has ${found.number}`;
    faults.push(`${file}: ${name} must have the number ${number} (sysusers.d), and ${is}`);
  };
  for (const line of sysusers.split('\n')) {
    const [type = '', name = '', id = ''] = line.trim().split(/\s+/);
    const [number = '', group] = id.split(':');
    if (!/^[0-9]+$/.test(number)) continue;
    if (/^u!?$/.test(type)) {
      want('/etc/passwd', users, name, number);
      // If no group is given, a user has a group with the same name and number (sysusers.d(5)).
      if (group === undefined) want('/etc/group', groups, name, number);
    } else if (type === 'g') want('/etc/group', groups, name, number);
  }
  return faults;
}
