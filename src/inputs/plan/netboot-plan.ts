import { IngotError } from '../../host/ingot-error.ts';
import { addressNumber, macRange } from '../cluster-spec/mac.ts';
import type { Spec } from '../cluster-spec/schema.ts';
import { allRoles, type Role } from './plan.ts';

/** A machine of the inventory, or a range of machines. */
export interface Machines {
  /** First and last hardware address as a number of 48 bits. */
  readonly macs: readonly [bigint, bigint];
  readonly role: Role;
  /** The address that the DHCP server reserves for it; null for a range, or if any address will do. */
  readonly address: string | null;
}

/** The addresses that ingot's own DHCP server gives out. */
export interface AddressPool {
  readonly from: string;
  readonly to: string;
  readonly router: string | null;
  readonly nameservers: readonly string[];
  readonly leaseMinutes: number;
}

/** How machines boot over the network: the section `netboot` with all derived values. */
export interface NetbootPlan {
  readonly server: string;
  readonly port: number;
  /** URL of the tree, without a slash at its end. */
  readonly url: string;
  /** Absolute folder on the server of the files that `ingot netboot` makes. */
  readonly folder: string;
  /** The network's own address, such as 10.0.0.0. */
  readonly network: string;
  readonly netmask: string;
  /** null: another DHCP server gives out the addresses, and ingot's DHCP server is only a proxy. */
  readonly pool: AddressPool | null;
  readonly unknown: Role | 'menu';
  readonly menuSeconds: number;
  readonly machines: readonly Machines[];
  /** The roles that a machine may get. */
  readonly roles: readonly Role[];
}

function networkOf(address: string, netmask: string): string {
  const number = (addressNumber(address) & addressNumber(netmask)) >>> 0;
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 0xff).join('.');
}

function machinesOf({ mac, macs, role, address }: SpecMachine): Machines {
  const range = macRange(mac ?? macs ?? '');
  // The rules of the spec have already refused this.
  if (range === undefined) throw new Error('a machine without a MAC address');
  return { macs: range, role, address: address ?? null };
}
type SpecMachine = NonNullable<Spec['netboot']>['machines'][number];

/**
 * Makes the netboot plan of a spec.
 * @throws IngotError wrong-spec if the spec has no section netboot
 */
export function planNetboot({ netboot }: Spec): NetbootPlan {
  if (netboot === undefined) {
    throw new IngotError({
      code: 'wrong-spec',
      message: 'the spec has no section netboot',
      hint: 'add netboot: with server, dhcp and machines (docs/spec.md shows one)',
    });
  }
  const { server, port, folder, unknown, menuSeconds } = netboot;
  const { from, to, router, nameservers, leaseMinutes, netmask } = netboot.dhcp;
  const machines = netboot.machines.map(machinesOf);
  return {
    server,
    port,
    url: `http://${server}${port === 80 ? '' : `:${port}`}`,
    folder,
    network: networkOf(server, netmask),
    netmask,
    pool:
      from === undefined || to === undefined
        ? null
        : { from, to, router: router ?? null, nameservers, leaseMinutes },
    unknown,
    menuSeconds,
    machines,
    roles: allRoles.filter(
      (role) => unknown === 'menu' || unknown === role || machines.some((one) => one.role === role),
    ),
  };
}
