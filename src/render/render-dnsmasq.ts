import { addressNumber } from '../inputs/cluster-spec/mac.ts';
import type { NetbootPlan } from '../inputs/plan/netboot-plan.ts';
import { macText } from './mac-pattern.ts';
import { renderFrom, type Templates } from './templates.ts';

/**
 * Names of the iPXE loaders in the tree, for BIOS and for UEFI. Each continues with the firmware's driver, on the
 * network card it was loaded from.
 */
export const ipxeLoaders = { biosLoader: 'undionly.kpxe', efiLoader: 'snponly.efi' } as const;

/**
 * Renders dnsmasq.conf: DHCP with the reservations of the inventory, or proxy DHCP next to another server, and TFTP for
 * the loaders.
 * @param folder absolute folder that `ingot netboot` writes to
 * @throws IngotError wrong-template for a value that dnsmasq.conf cannot express
 */
export function renderDnsmasq(
  templates: Templates,
  cluster: string,
  { server, url, network, netmask, pool, machines }: NetbootPlan,
  folder: string,
): string {
  const reserved = machines.flatMap(({ macs, address }) =>
    address === null ? [] : [{ mac: macText(macs[0]), address }],
  );
  const size = pool === null ? 0 : addressNumber(pool.to) - addressNumber(pool.from) + 1;
  const leases = size + reserved.length;
  return renderFrom(templates, 'netboot/servers/dnsmasq.conf.hbs', {
    ...{ cluster, server, url, network, netmask, pool, folder, reserved, leases },
    ...ipxeLoaders,
  });
}
