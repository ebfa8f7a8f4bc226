import { z } from 'zod';
import { allRoles } from '../roles.ts';
import { absolutePath, address } from './fields.ts';

// zod's int() ends parsing early, and then the rules next to it do not run.
const wholeNumber = z.number().multipleOf(1);

const pair = '[0-9A-Fa-f]{2}';
const oneMac = `(?:${pair}:){5}${pair}`;

const machine = z
  .strictObject({
    mac: z
      .string()
      .regex(new RegExp(`^${oneMac}$`))
      .meta({
        title: 'MAC address',
        description: 'six pairs of hex digits, separated by colons',
        examples: ['52:54:00:12:34:56'],
      })
      .optional(),
    macs: z
      .string()
      .regex(new RegExp(`^${oneMac}-${oneMac}$`))
      .meta({
        title: 'range of MAC addresses',
        description: 'the first and the last MAC address, separated by a hyphen',
        examples: ['52:54:00:12:34:00-52:54:00:12:34:ff'],
      })
      .optional(),
    role: z.enum(allRoles).meta({ description: 'the role of the machine' }),
    address: address.optional(),
  })
  .meta({ description: 'a machine or a range of machines: mac or macs, role, address' });

/**
 * The section `netboot` of cluster.yaml: the server that boots machines over the network, and the role of each machine.
 */
export const netbootSchema = z
  .strictObject({
    server: address,
    port: wholeNumber
      .min(1)
      .max(65_535)
      .default(80)
      .meta({ description: 'the port of its web server', examples: [80] }),
    folder: absolutePath.default('/srv/netboot').meta({
      title: 'path on the server',
      description: 'where the folder that ingot netboot makes is on that server',
    }),
    dhcp: z
      .strictObject({
        proxy: z
          .boolean()
          .default(false)
          .meta({ description: 'true if another DHCP server hands out the addresses', examples: [true] }),
        netmask: address,
        from: address.optional(),
        to: address.optional(),
        router: address.optional(),
        nameservers: z
          .array(address)
          .default([])
          .meta({ description: 'the DNS servers of the machines', examples: [['10.0.0.1']] }),
        leaseMinutes: wholeNumber
          .min(2)
          .max(43_200)
          .default(720)
          .meta({ description: 'minutes for which a machine may keep its address', examples: [720] }),
      })
      .meta({
        description:
          'the addresses to hand out: from, to, netmask, router, nameservers, leaseMinutes; or proxy: true and netmask',
      }),
    unknown: z
      .enum([...allRoles, 'menu'])
      .default('menu')
      .meta({ description: 'the role of a machine that is not listed in machines, or menu' }),
    menuSeconds: wholeNumber
      .min(1)
      .max(3600)
      .default(60)
      .meta({
        description: 'seconds after which the menu continues with the next boot device',
        examples: [60],
      }),
    machines: z.array(machine).default([]).meta({ description: 'the machines and their roles' }),
  })
  .optional()
  .meta({ description: 'how machines boot over the network: server, dhcp, unknown, machines' });
