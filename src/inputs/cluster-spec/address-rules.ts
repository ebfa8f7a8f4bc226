import { isRole, roles } from '../roles.ts';
import { addressRange } from './address-range.ts';
import { addressText, longestFree } from './free-range.ts';
import { addressNumber } from './mac.ts';
import { type Context, fail, failWithSecondPlace, record } from './rules.ts';

// These rules also run on invalid values, so they do not rely on any type.
type Path = (string | number)[];

/** An address in the spec, who has it, and where the spec says so. */
interface UsedAddress {
  readonly number: number;
  readonly text: string;
  readonly whose: string;
  readonly path: Path;
  /** Whether it is the address of a node of the cluster. Nothing else may have the same address. */
  readonly node: boolean;
}

const dotted = /^(?:\d{1,3}\.){3}\d{1,3}$/;

function usedAddress(text: unknown, whose: string, path: Path, node = false): UsedAddress[] {
  return typeof text === 'string' && dotted.test(text)
    ? [{ number: addressNumber(text), text, whose, path, node }]
    : [];
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Returns every address that the spec assigns to something. */
function usedAddresses(spec: unknown): readonly UsedAddress[] {
  const { masters, netboot, seed } = record(spec) ?? {};
  const section = record(netboot) ?? {};
  const dhcp = record(section['dhcp']) ?? {};
  const machines = list(section['machines']).flatMap((one, index) => {
    const { address, role } = record(one) ?? {};
    // The address of a master is already in masters.
    return isRole(role) && roles[role].listedInMasters
      ? []
      : usedAddress(address, "a machine's", ['netboot', 'machines', index, 'address'], true);
  });
  return [
    ...usedAddress(section['server'], "the netboot server's", ['netboot', 'server']),
    ...usedAddress(dhcp['router'], "the router's", ['netboot', 'dhcp', 'router']),
    ...list(dhcp['nameservers']).flatMap((one, index) =>
      usedAddress(one, "a name server's", ['netboot', 'dhcp', 'nameservers', index]),
    ),
    ...list(record(seed)?.['timeServers']).flatMap((one, index) =>
      usedAddress(one, "a time server's", ['seed', 'timeServers', index]),
    ),
    ...list(masters).flatMap((one, index) => usedAddress(one, "a master's", ['masters', index], true)),
    ...machines,
  ];
}

function checkUsable({ number, text, path }: UsedAddress, context: Context): void {
  const first = Math.floor(number / 2 ** 24);
  // RFC 6890, 2.2.2.
  const what =
    first === 0
      ? 'means "this network"'
      : first === 127
        ? 'belongs to the loopback interface'
        : first >= 224
          ? 'is not the address of a single host'
          : undefined;
  if (what !== undefined)
    fail(context, path, `${text} ${what}`, 'an address that other machines reach, such as 10.0.0.11');
}

function checkNodes(all: readonly UsedAddress[], context: Context): void {
  for (const { node, number, text, path } of all) {
    const other = node ? all.find((one) => !one.node && one.number === number) : undefined;
    if (other !== undefined)
      failWithSecondPlace(context, {
        ...{ path, message: `${text} is ${other.whose}`, otherAt: other.path },
        right: 'an address that nothing else uses',
      });
  }
}

/** Returns the network of the netboot section, if the section has one. */
function networkOf(spec: unknown) {
  const { server, dhcp } = record(record(spec)?.['netboot']) ?? {};
  const { netmask, from, to, proxy } = record(dhcp) ?? {};
  const [base, mask] = [server, netmask].map((one) => usedAddress(one, '', [])[0]?.number);
  if (base === undefined || mask === undefined || !/^1+0*$/.test(mask.toString(2).padStart(32, '0')))
    return undefined;
  const size = 2 ** 32 - mask;
  const first = base - (base % size);
  const [begin, end] = [from, to].map((one) => usedAddress(one, '', [])[0]?.number);
  const pool =
    proxy !== true && begin !== undefined && end !== undefined && begin <= end
      ? ([begin, end] as const)
      : undefined;
  return { first, last: first + size - 1, size, pool, prefix: 32 - Math.log2(size) };
}

/** The network address and the broadcast address, which no host may have (RFC 3021: except in a network of two). */
function edges({ first, last, size }: { first: number; last: number; size: number }): UsedAddress[] {
  if (size <= 2) return [];
  return [
    { number: first, text: addressText(first), whose: "the network's own", path: [], node: false },
    { number: last, text: addressText(last), whose: 'the broadcast address', path: [], node: false },
  ];
}

function checkEdges(all: readonly UsedAddress[], ends: readonly UsedAddress[], context: Context): void {
  for (const { number, text, path } of all) {
    const end = ends.find((one) => one.number === number);
    if (end !== undefined)
      fail(context, path, `${text} is ${end.whose}`, 'the address of a host in that network');
  }
}

const most = 6;

/** Checks that the DHCP pool contains no address that is in use: dnsmasq would hand it out. */
function checkPool(pool: readonly [number, number], all: readonly UsedAddress[], context: Context): void {
  const taken = all
    .filter(({ number }) => number >= pool[0] && number <= pool[1])
    .toSorted((a, b) => a.number - b.number);
  if (taken.length === 0) return;
  const named = taken.slice(0, most).map(({ text, whose }) => `${text} (${whose})`);
  const more = taken.length > most ? ` and ${taken.length - most} more` : '';
  const free = longestFree(
    pool,
    taken.map(({ number }) => number),
  );
  fail(
    context,
    ['netboot', 'dhcp', 'from'],
    `the DHCP range ${pool.map(addressText).join(' to ')} contains addresses that are in use: ${named.join(', ')}${more}`,
    free === undefined
      ? 'from and to with addresses that are not in use'
      : `a range without them, such as from: ${addressText(free[0])}, to: ${addressText(free[1])}`,
  );
}

/**
 * Checks that the nodes are in seed.network: nodes look for their own address there, and one that is outside cannot
 * join its cluster.
 */
function checkSeedNetwork(spec: unknown, all: readonly UsedAddress[], context: Context): void {
  const { network } = record(record(spec)?.['seed']) ?? {};
  const range = typeof network === 'string' ? addressRange(network) : undefined;
  if (range === undefined) return;
  for (const { node, number, text, path } of all)
    if (node && (number < range[0] || number > range[1]))
      failWithSecondPlace(context, {
        path,
        message: `${text} is not in seed.network, ${String(network)}`,
        right: 'every node needs an address in seed.network',
        otherAt: ['seed', 'network'],
      });
}

/**
 * Checks the addresses of a whole spec: each node has an address of its own that can be reached, and the DHCP server
 * gives out none that is in use.
 */
export function checkSpecAddresses(spec: unknown, context: Context): void {
  const all = usedAddresses(spec);
  for (const one of all) checkUsable(one, context);
  checkNodes(all, context);
  checkSeedNetwork(spec, all, context);
  const network = networkOf(spec);
  if (network === undefined) return;
  const ends = edges(network);
  checkEdges(all, ends, context);
  if (network.pool !== undefined) checkPool(network.pool, [...all, ...ends], context);
}
