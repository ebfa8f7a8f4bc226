import { createHash } from 'node:crypto';
import type { FleetNode } from '../fleet/inventory/fleet-node.ts';
import { IngotError } from '../host/ingot-error.ts';
import { allRoles, type Role } from '../inputs/roles.ts';

/** A node of a fleet whose role is known. */
export interface WaveNode extends FleetNode {
  readonly role: Role;
}

/**
 * The nodes of an inventory, all of which have a role.
 * @throws IngotError wrong-inventory that names nodes without a role, because a wave gives each its own version
 */
export function waveNodes(nodes: readonly FleetNode[]): WaveNode[] {
  const known = nodes.flatMap(({ role, ...node }) => (role === undefined ? [] : [{ ...node, role }]));
  const without = nodes.filter(({ role }) => role === undefined).map(({ name }) => name);
  if (without.length === 0) return known;
  throw new IngotError({
    code: 'wrong-inventory',
    message: `${without.length} of ${nodes.length} nodes have no role, so their version is not known:`,
    excerpt: without.slice(0, 10),
    hint: 'give each node a role: role=slave, or the key role (docs/fleet.md)',
  });
}

/** SHA-256 of the names and roles of an inventory, in any order. */
export function inventoryDigest(nodes: readonly WaveNode[]): string {
  const lines = nodes.map(({ name, role }) => JSON.stringify([name, role])).sort();
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}

/**
 * The nodes that a share of an inventory consists of: of each role the same share, at least one node. A larger share
 * has all nodes of a smaller one, whatever the order of the inventory.
 * @param percent 0 to 100; 0 has no node
 * @param salt another salt gives another order, so that not the same nodes are always the first
 */
export function shareOf(nodes: readonly WaveNode[], percent: number, salt: string): WaveNode[] {
  if (percent <= 0) return [];
  const place = ({ name }: WaveNode): string => createHash('sha256').update(`${salt}\n${name}`).digest('hex');
  return allRoles.flatMap((role) => {
    const own = nodes
      .filter((node) => node.role === role)
      .map((node) => ({ node, at: place(node) }))
      .sort((a, b) => (a.at < b.at ? -1 : 1));
    return own.slice(0, Math.ceil((own.length * percent) / 100)).map(({ node }) => node);
  });
}
