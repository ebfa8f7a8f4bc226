import type { DataDisk } from '../inputs/cluster-spec/data-schema.ts';
import type { SeedSettings } from '../inputs/plan/seed-settings.ts';
import { type RenderedFile, renderFrom, type Templates } from './templates.ts';

/** A static address of one node, for a network without DHCP. */
export interface StaticAddress {
  /** Hardware address of the interface, as in 52:54:00:12:34:56. */
  readonly macAddress: string;
  /** With its prefix length, as in 10.0.0.11/24. */
  readonly address: string;
  readonly gateway: string | null;
  readonly nameservers: readonly string[];
}

export interface NodeSeedContext {
  readonly cluster: string;
  /** Ordered: a master's ZooKeeper id is its position, from 1. */
  readonly masters: readonly string[];
  /** Lines as in authorized_keys(5), for the user ops. */
  readonly operatorKeys: readonly string[];
  /** The disk that holds the state of every node; null for the partition labelled ingot-data, or memory. */
  readonly data: DataDisk | null;
  /** null: the node's network has DHCP. */
  readonly network: StaticAddress | null;
  /** The section seed of the spec; without it the seed has no further settings. */
  readonly settings?: SeedSettings;
}

/** Renders the NoCloud seed that nodes boot with: user-data, meta-data, and network-config if an address is given. */
export function renderNodeSeed(templates: Templates, context: NodeSeedContext): readonly RenderedFile[] {
  const { cluster, masters, settings } = context;
  // An image refuses a seed with a key that it does not know, because it would put the state elsewhere. The initrd
  // expects data after the masters.
  const data = context.data === null ? {} : { data: seedData(context.data) };
  const shared = { version: 1, cluster, masters, ...data, ...settings?.cluster };
  const seed = { ...context, clusterJson: `${JSON.stringify(shared)}\n`, files: settings?.files ?? [] };
  const render = (path: string, values: object): RenderedFile => ({
    path,
    content: renderFrom(templates, `cloud-init/node/${path}.hbs`, values),
  });
  return [
    render('user-data', seed),
    render('meta-data', seed),
    ...(context.network === null ? [] : [render('network-config', context.network)]),
  ];
}

function seedData({ label, disk, format }: DataDisk): Readonly<Record<string, string>> {
  return label === undefined ? { disk: disk ?? '', format } : { label };
}
