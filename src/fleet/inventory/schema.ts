import { z } from 'zod';
import { allRoles } from '../../inputs/plan/plan.ts';
import { expandRanges, RangeFault } from './range.ts';

// Only characters of names: ssh(1) reads a leading hyphen as an option, and a shell must find nothing special.
const nodeNames = z
  .string()
  .max(400)
  .regex(/^(?!-)[A-Za-z0-9._:[\],-]+$/)
  .meta({
    title: 'node',
    description:
      'a name or an address that ssh knows, with ranges if needed; an IPv6 address without brackets',
    examples: ['node[001-200].dc1'],
  });

const address = z
  .string()
  .max(255)
  .regex(/^(?!-)[A-Za-z0-9._:-]+$/)
  .meta({
    title: 'address',
    description: 'where ssh finds the host, if not by its name',
    examples: ['10.0.0.11'],
  });

const user = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.@-]*$/)
  .meta({ title: 'user', description: 'the account on the node', examples: ['ops'] });

const jump = z
  .string()
  .regex(/^(?!-)[A-Za-z0-9._:@,[\]-]+$/)
  .meta({ title: 'jump', description: 'ProxyJump of ssh_config(5)', examples: ['ops@bastion.dc1'] });

const url = z
  .string()
  .regex(/^https?:\/\/[^\s/@]+\/\S*\{node\}\S*$/)
  .meta({
    title: 'URL',
    description: 'http or https, {node} where the name of the node goes, no password in it',
    examples: ['https://collect.example.org/drift/{node}.json'],
  });

/** One entry: host, folder or url, and the settings that go with it. */
export const entrySchema = z
  .strictObject({
    host: nodeNames.optional(),
    address: address.optional(),
    folder: z
      .string()
      .min(1)
      .meta({ title: 'folder', description: 'the folder of the files NAME.json', examples: ['answers'] })
      .optional(),
    url: url.optional(),
    nodes: z
      .array(nodeNames)
      .min(1)
      .meta({
        title: 'list of nodes',
        description: 'the nodes whose answers are there',
        examples: [['node[1-9]']],
      })
      .optional(),
    role: z.enum(allRoles).optional(),
    user: user.optional(),
    port: z.int().min(1).max(65535).optional(),
    jump: jump.optional(),
  })
  .superRefine((entry, context) => {
    const fail = (path: PropertyKey[], message: string, right: string): void => {
      context.issues.push({ code: 'custom', path, message, params: { right }, input: undefined });
    };
    const kinds = (['host', 'folder', 'url'] as const).filter((key) => entry[key] !== undefined);
    const [kind] = kinds;
    if (kind === undefined || kinds.length > 1) {
      fail(
        [],
        `an entry with ${kinds.length === 0 ? 'nothing to check' : kinds.join(' and ')}`,
        'host, folder or url, one of them',
      );
      return;
    }
    if (kind === 'host' && entry.nodes !== undefined)
      fail(['nodes'], 'nodes together with host', 'the ranges in host itself');
    if (kind === 'url' && entry.nodes === undefined)
      fail([kind], 'url without nodes', 'nodes: the names that {node} stands for');
    if (kind !== 'host')
      for (const key of ['address', 'user', 'port', 'jump'] as const)
        if (entry[key] !== undefined) fail([key], `${key} together with ${kind}`, `${key} only with host`);
    const named: [PropertyKey[], string | undefined][] = [
      [['host'], entry.host],
      ...(entry.nodes ?? []).map((text, index): [PropertyKey[], string] => [['nodes', index], text]),
    ];
    for (const [path, text] of named)
      try {
        const names = text === undefined ? [] : expandRanges(text);
        if (entry.address !== undefined && names.length > 1)
          fail(
            ['address'],
            `one address for ${names.length} nodes`,
            'an entry for each, with its own address',
          );
      } catch (error) {
        if (!(error instanceof RangeFault)) throw error;
        fail(path, error.message, error.right);
      }
  });

/** One entry as written. */
export type InventoryEntry = z.output<typeof entrySchema>;

export const inventorySchema = z.strictObject({
  nodes: z
    .array(entrySchema)
    .min(1)
    .meta({ title: 'list of entries', description: 'hosts, folders and URLs', examples: [['host: node1']] }),
});
