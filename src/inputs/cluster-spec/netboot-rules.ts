import { isRole, roles } from '../roles.ts';
import { addressNumber, macRange } from './mac.ts';
import { type Context, fail, failWithSecondPlace, record } from './rules.ts';

// These rules also run on invalid values, so they do not rely on any type.
type Path = (string | number)[];

interface Known<T> {
  readonly value: T;
  readonly path: Path;
}

function checkMacs(machines: readonly unknown[], context: Context): void {
  const seen: Known<readonly [bigint, bigint]>[] = [];
  machines.forEach((one, index) => {
    const machine = record(one);
    if (machine === undefined) return;
    const at: Path = ['netboot', 'machines', index];
    const keys = ['mac', 'macs'].filter((key) => machine[key] !== undefined);
    if (keys.length === 0) fail(context, at, 'neither mac nor macs', 'mac: MAC, or macs: FROM-TO');
    if (keys.length === 2) fail(context, [...at, 'macs'], 'both mac and macs', 'one of the two');
    for (const key of keys) {
      const text = machine[key];
      if (typeof text !== 'string' || !text.includes(':')) continue;
      const range = macRange(text);
      if (range === undefined) {
        if (/^[0-9a-f:]{17}-[0-9a-f:]{17}$/i.test(text))
          fail(context, [...at, key], `${text} runs backwards`, 'the smaller MAC address first');
        continue;
      }
      const first = seen.find(({ value }) => value[0] <= range[1] && range[0] <= value[1]);
      if (first !== undefined)
        failWithSecondPlace(context, {
          path: [...at, key],
          message: `${text} overlaps an earlier machine`,
          right: 'each MAC address once',
          firstAt: first.path,
        });
      seen.push({ value: range, path: [...at, key] });
    }
  });
}

function checkAddresses(machines: readonly unknown[], masters: unknown, context: Context): void {
  const seen = new Map<string, Path>();
  machines.forEach((one, index) => {
    const { mac, address, role } = record(one) ?? {};
    const path: Path = ['netboot', 'machines', index, 'address'];
    const listed = isRole(role) ? roles[role].listedInMasters : undefined;
    if (typeof address !== 'string') {
      if (listed === true && mac !== undefined && address === undefined)
        fail(context, path.slice(0, -1), `a ${String(role)} without an address`, 'address: one of masters');
      return;
    }
    if (mac === undefined)
      fail(context, path, 'an address for a range of machines', 'address only together with mac');
    if (listed === true && Array.isArray(masters) && !masters.includes(address))
      fail(context, path, `${address} is not in masters`, 'one of masters');
    if (listed === false && Array.isArray(masters) && masters.includes(address))
      fail(context, path, `${address} is a master's`, 'an address that is not in masters');
    const first = seen.get(address);
    if (first === undefined) seen.set(address, path);
    else
      failWithSecondPlace(context, {
        path,
        message: `${address} is listed twice`,
        right: 'each address once',
        firstAt: first,
      });
  });
}

/** Checks the DHCP mode: full DHCP needs a range of addresses; in proxy mode another server provides all of that. */
function checkMode(dhcp: Readonly<Record<string, unknown>>, context: Context): void {
  const { proxy, nameservers } = dhcp;
  const path: Path = ['netboot', 'dhcp'];
  if (proxy !== true) {
    for (const key of ['from', 'to'])
      if (dhcp[key] === undefined)
        fail(
          context,
          path,
          `dhcp without ${key}`,
          'from and to, the range of addresses to hand out; or proxy: true',
        );
    return;
  }
  const idle = ['from', 'to', 'router'].filter((key) => dhcp[key] !== undefined);
  if (Array.isArray(nameservers) && nameservers.length > 0) idle.push('nameservers');
  for (const key of idle)
    fail(
      context,
      [...path, key],
      `${key} with proxy: true`,
      `remove ${key}: the other DHCP server provides it`,
    );
}

function checkPool(netboot: Readonly<Record<string, unknown>>, context: Context): void {
  const dhcp = record(netboot['dhcp']);
  if (dhcp === undefined) return;
  checkMode(dhcp, context);
  const { server, machines } = netboot;
  const { from, to, netmask, router } = dhcp;
  const [mask, first, last] = [netmask, from, to].map((one) =>
    typeof one === 'string' ? addressNumber(one) : Number.NaN,
  );
  if (mask === undefined || first === undefined || last === undefined || Number.isNaN(mask)) return;
  if (first > last)
    fail(
      context,
      ['netboot', 'dhcp', 'to'],
      `${String(to)} is before ${String(from)}`,
      'from must be the smaller address',
    );
  if (!/^1+0+$/.test(mask.toString(2).padStart(32, '0')))
    fail(
      context,
      ['netboot', 'dhcp', 'netmask'],
      `${String(netmask)} is not a netmask`,
      'such as 255.255.255.0',
    );
  if (typeof server !== 'string') return;
  const network = (addressNumber(server) & mask) >>> 0;
  const inside = (path: Path, one: unknown): void => {
    if (typeof one !== 'string') return;
    const number = addressNumber(one);
    if (!Number.isNaN(number) && (number & mask) >>> 0 !== network)
      fail(context, path, `${one} is not in the network of ${server}`, 'an address of the same network');
  };
  inside(['netboot', 'dhcp', 'from'], from);
  inside(['netboot', 'dhcp', 'to'], to);
  inside(['netboot', 'dhcp', 'router'], router);
  if (!Array.isArray(machines)) return;
  machines.forEach((one, index) => {
    const path: Path = ['netboot', 'machines', index, 'address'];
    const machineAddress = record(one)?.['address'];
    inside(path, machineAddress);
  });
}

/**
 * Checks the section netboot: each MAC address and each IP address appears once, masters have addresses of masters, and
 * all addresses are in one network.
 */
export function checkNetboot(spec: unknown, context: Context): void {
  const { masters, netboot } = record(spec) ?? {};
  const section = record(netboot);
  if (section === undefined) return;
  checkPool(section, context);
  const { machines } = section;
  if (!Array.isArray(machines)) return;
  checkMacs(machines, context);
  checkAddresses(machines, masters, context);
}
