import type { Fault } from './scalars.ts';

/**
 * src/common/resources.cpp and values.cpp of Mesos. Values that Mesos accepts but that have a surprising effect are
 * refused as well.
 */
const form = 'such as cpus: 7, mem: 14336, disk: 102400, ports: "[31000-32000]", or cpus(web): 2 for a role';

/** The resources that Mesos itself knows, with their types. */
const known: ReadonlyMap<string, 'scalar' | 'ranges'> = new Map([
  ['cpus', 'scalar'],
  ['mem', 'scalar'],
  ['disk', 'scalar'],
  ['gpus', 'scalar'],
  ['network_bandwidth', 'scalar'],
  ['ports', 'ranges'],
]);

/** TCP and UDP ports that the services of a slave use: 22 (ssh) and 5051 (the agent). */
const taken: readonly (readonly [port: number, who: string])[] = [
  [22, 'sshd'],
  [5051, 'the Mesos agent'],
];

/** First and last port of the range that the node uses for its own connections. */
export type PortRange = readonly [number, number];

/** Checks a role as roles::validate of src/common/roles.cpp does, for each part of a role such as eng/web. */
export function roleFault(role: string): string | undefined {
  if (role === '*') return undefined;
  const wrong = role.split('/').find((part) => !/^(?!-|\.{1,2}$)[^\s/*\\\u0000-\u001f]+$/.test(part));
  return wrong === undefined
    ? undefined
    : `the role ${role} has a part that Mesos refuses: "${wrong}" is empty, ".", "..", begins with "-" or has a blank`;
}

type Value = { readonly type: 'scalar' | 'ranges' | 'set'; readonly ranges: readonly PortRange[] };

function valueOf(text: string): Value | string {
  if (/^\d{1,15}(?:\.\d{1,3})?$/.test(text)) return { type: 'scalar', ranges: [] };
  if (/^\[\d{1,18}-\d{1,18}(?:, ?\d{1,18}-\d{1,18})*\]$/.test(text)) {
    const ranges = [...text.matchAll(/(\d+)-(\d+)/g)].map(
      ([, first, last]) => [Number(first), Number(last)] as const,
    );
    const back = ranges.find(([first, last]) => first > last);
    if (back !== undefined) return `${back[0]}-${back[1]} runs backwards`;
    const sorted = ranges.toSorted((a, b) => a[0] - b[0]);
    const meet = sorted.find(([first], index) => index > 0 && first <= (sorted[index - 1]?.[1] ?? -1));
    return meet === undefined ? { type: 'ranges', ranges } : `${meet[0]}-${meet[1]} overlaps another range`;
  }
  if (/^\{[A-Za-z0-9_./-]+(?:, ?[A-Za-z0-9_./-]+)*\}$/.test(text)) return { type: 'set', ranges: [] };
  return `"${text}" is neither a number with at most 3 digits after the point, ranges such as [1-3], nor a set such as {a,b}`;
}

function portFault(ranges: readonly PortRange[], ephemeral: PortRange): string | undefined {
  for (const [first, last] of ranges) {
    if (first < 1 || last > 65_535) return `${first}-${last} is not within 1-65535`;
    const own = taken.find(([port]) => first <= port && port <= last);
    if (own !== undefined) return `port ${own[0]} in ${first}-${last} belongs to ${own[1]}`;
    if (first <= ephemeral[1] && ephemeral[0] <= last)
      return `${first}-${last} overlaps ${ephemeral[0]}-${ephemeral[1]}, the ports of the node's own connections (net.ipv4.ip_local_port_range)`;
  }
  return undefined;
}

/** Checks one resource: its name, with a role in parentheses, and its value. */
function oneFault(key: string, text: string, types: Map<string, string>, own: PortRange): string | undefined {
  const [, name = '', , role] = /^([A-Za-z][A-Za-z0-9_.-]{0,99})(\(([^()]+)\))?$/.exec(key) ?? [];
  if (name === '') return `${key} is not the name of a resource, with a role in parentheses or without`;
  const roleIs = role === undefined ? undefined : roleFault(role);
  if (roleIs !== undefined) return roleIs;
  const value = valueOf(text);
  if (typeof value === 'string') return `${name}: ${value}`;
  const wanted = known.get(name) ?? types.get(name);
  if (wanted !== undefined && wanted !== value.type)
    return `${name} is ${wanted === 'scalar' ? 'a number' : wanted}, not ${value.type === 'scalar' ? 'a number' : value.type}`;
  types.set(name, value.type);
  return name === 'ports' ? portFault(value.ranges, own) : undefined;
}

function listFault(list: readonly unknown[], own: PortRange): Fault | undefined {
  const types = new Map<string, string>();
  for (const [index, item] of list.entries()) {
    const one = typeof item === 'object' && item !== null ? (item as Record<string, unknown>) : {};
    const unknown = Object.keys(one).find((key) => !jsonKeys.has(key));
    const text = jsonValue(one);
    const name = typeof one['name'] === 'string' ? one['name'] : '';
    const why =
      unknown === undefined
        ? text === undefined
          ? 'the value does not belong to the type: SCALAR {scalar: {value}}, RANGES {ranges: {range: [{begin, end}]}}, SET {set: {item}}'
          : oneFault(typeof one['role'] === 'string' ? `${name}(${one['role']})` : name, text, types, own)
        : `${unknown} is not a field of a Resource (mesos.proto)`;
    if (why !== undefined)
      return { message: why, right: '{name: cpus, type: SCALAR, scalar: {value: 4}}', path: [index] };
  }
  return undefined;
}

// message Resource of include/mesos/mesos.proto, 1.9.
const jsonKeys = new Set(
  'name type scalar ranges set role reservation reservations disk revocable shared'.split(' '),
);

/** Returns the text form of the value of a Resource in JSON. */
function jsonValue({ type, scalar, ranges, set }: Record<string, unknown>): string | undefined {
  const at = (value: unknown, key: string): unknown =>
    typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  const list = (value: unknown): unknown[] | undefined => (Array.isArray(value) ? value : undefined);
  const number = at(scalar, 'value');
  if (type === 'SCALAR') return typeof number === 'number' ? String(number) : undefined;
  if (type === 'RANGES') {
    const parts = list(at(ranges, 'range'))?.map(
      (one) => `${String(at(one, 'begin'))}-${String(at(one, 'end'))}`,
    );
    return parts && `[${parts.join(',')}]`;
  }
  const items = type === 'SET' ? list(at(set, 'item')) : undefined;
  return items && `{${items.map(String).join(',')}}`;
}

/**
 * Returns why Mesos would refuse the resources.
 * @param value a map from name, with a role in parentheses, to value; a text (`name(role):value;…`); or a list of
 * Resource objects
 * @param own the ports that the node uses for its own connections
 */
export function resourcesFault(value: unknown, own: PortRange): Fault | undefined {
  if (Array.isArray(value)) return listFault(value, own);
  if (typeof value === 'string') return textFault(value, own);
  const types = new Map<string, string>();
  for (const [key, given] of Object.entries((value ?? {}) as Record<string, unknown>)) {
    const text = typeof given === 'number' || typeof given === 'string' ? String(given) : '';
    const why = oneFault(key, text, types, own);
    if (why !== undefined) return { message: why, right: form, path: [key] };
  }
  return undefined;
}

function textFault(text: string, own: PortRange): Fault | undefined {
  const types = new Map<string, string>();
  const seen = new Set<string>();
  for (const part of text.split(';')) {
    const [key = '', given, more] = part.split(':').map((each) => each.trim());
    if (given === undefined || more !== undefined)
      return {
        message: part.trim() === '' ? 'an empty part' : `"${part.trim()}" is not name:value`,
        right: `name:value pairs, separated by semicolons: cpus:7;mem:14336;ports(web):[31000-32000]`,
      };
    const why = seen.has(key) ? `${key} is listed twice` : oneFault(key, given, types, own);
    if (why !== undefined) return { message: why, right: form };
    seen.add(key);
  }
  return undefined;
}

/** Returns the value of --resources. */
export function resourcesText(
  value: string | readonly unknown[] | Readonly<Record<string, unknown>>,
): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return JSON.stringify(value);
  return Object.entries(value)
    .map(([name, given]) => `${name}:${String(given)}`)
    .join(';');
}
