import type { Host } from '../host/host.ts';
import { IngotError } from '../host/ingot-error.ts';
import { networkInterface } from '../host/network-interface.ts';

/**
 * Checks the interface that machines boot from.
 * @throws IngotError host-not-ready if the interface does not exist, is down or does not have the server's address
 */
export async function checkInterface(host: Host, name: string, server: string): Promise<void> {
  const found = await networkInterface(host, name);
  if (found === undefined)
    throw new IngotError({
      code: 'host-not-ready',
      message: `there is no network interface ${name}`,
      hint: 'ip -brief address lists the interfaces of this host',
    });
  if (!found.addresses.includes(server))
    throw new IngotError({
      code: 'host-not-ready',
      message: `${name} has ${found.addresses.length === 0 ? 'no address' : `the address ${found.addresses.join(', ')}`}, and netboot.server is ${server}`,
      hint: `ip address add ${server}/PREFIX dev ${name}, or another netboot.server in the spec`,
    });
  if (!found.up)
    throw new IngotError({
      code: 'host-not-ready',
      message: `the network interface ${name} is down`,
      hint: `ip link set ${name} up`,
    });
}
