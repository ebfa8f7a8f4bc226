import { allRoles, type Role, roles } from '../../inputs/roles.ts';
import { type AnsibleHost, type AnsibleInventory, readAnsibleIni, type Variable } from './ansible-ini.ts';

/** How to reach a host, with the keys of an ingot inventory, and the line of the host. */
export interface AnsibleEntry {
  readonly line: number;
  readonly entry: Readonly<Record<string, string | number>>;
}

const roleOfGroup: ReadonlyMap<string, Role> = new Map(
  allRoles.flatMap((role) => roles[role].inventoryGroups.map((group) => [group, role] as const)),
);

/** Variables that change how a node is reached and that ingot does not support. */
const foreign =
  /^ansible_(?:connection|ssh_common_args|ssh_extra_args|ssh_private_key_file|ssh_executable|ssh_args|ssh_transfer_method|password|ssh_pass)$/;

const known: readonly (readonly [string, readonly string[]])[] = [
  ['address', ['ansible_host', 'ansible_ssh_host']],
  ['user', ['ansible_user', 'ansible_ssh_user']],
  ['port', ['ansible_port', 'ansible_ssh_port']],
];

/** The distance of a group from the top; a cycle ends where it began. */
function depthOf(
  group: string,
  parents: AnsibleInventory['parents'],
  seen: ReadonlySet<string> = new Set(),
): number {
  if (seen.has(group)) return 0;
  const above = [...(parents.get(group) ?? [])].map((one) =>
    depthOf(one, parents, new Set([...seen, group])),
  );
  return 1 + Math.max(0, ...above);
}

/** A host's groups and all groups that contain those. */
function groupsOf({ groups }: AnsibleHost, parents: AnsibleInventory['parents']): ReadonlySet<string> {
  const all = new Set(groups);
  for (const group of all) for (const parent of parents.get(group) ?? []) all.add(parent);
  return all;
}

/**
 * The variables that apply to a host, later ones first in effect: those of `all`, of its groups from the outermost in
 * and then by name, then its own.
 */
function variablesOf(
  host: AnsibleHost,
  groups: ReadonlySet<string>,
  inventory: AnsibleInventory,
): ReadonlyMap<string, Variable> {
  const depth = new Map([...groups].map((group) => [group, depthOf(group, inventory.parents)]));
  const order = [...groups]
    .filter((group) => group !== 'all')
    .toSorted((a, b) => (depth.get(a) ?? 0) - (depth.get(b) ?? 0) || (a < b ? -1 : 1));
  return new Map(
    [...['all', ...order].map((group) => inventory.groupVariables.get(group)), host.variables].flatMap(
      (one) => [...(one ?? [])],
    ),
  );
}

/**
 * The hosts of an Ansible inventory in INI form: names, addresses, users and ports, and the role if a host is in a
 * group masters, slaves or agents. Variables that do not affect how a node is reached are ignored.
 */
export function ansibleEntries(text: string): {
  readonly entries: readonly AnsibleEntry[];
  readonly wrong: readonly { readonly line: number; readonly message: string }[];
} {
  const inventory = readAnsibleIni(text);
  const wrong = [...inventory.wrong];
  const entries = inventory.hosts.map((host): AnsibleEntry => {
    const groups = groupsOf(host, inventory.parents);
    const variables = variablesOf(host, groups, inventory);
    for (const [key, { value, line }] of variables)
      if (foreign.test(key) && !(key === 'ansible_connection' && value === 'ssh'))
        wrong.push({
          line,
          message: `${key} is not supported; right: what ssh needs for a host in ~/.ssh/config or --ssh-config`,
        });
      else if (value.includes('{{') && known.some(([, names]) => names.includes(key)))
        wrong.push({
          line,
          message: `${key}=${value} is a template, which is not supported; right: the value itself`,
        });
    const entry: Record<string, string | number> = { host: host.name };
    for (const [key, names] of known) {
      const value = names.map((name) => variables.get(name)?.value).find((one) => one !== undefined);
      if (value !== undefined) entry[key] = key === 'port' && /^\d+$/.test(value) ? Number(value) : value;
    }
    const named = new Set([...groups].flatMap((group) => roleOfGroup.get(group.toLowerCase()) ?? []));
    const [role] = named;
    if (role !== undefined && named.size === 1) entry['role'] = role;
    return { line: host.line, entry };
  });
  const distinct = new Map(wrong.map((one) => [`${one.line} ${one.message}`, one]));
  return { entries, wrong: [...distinct.values()].toSorted((a, b) => a.line - b.line) };
}
