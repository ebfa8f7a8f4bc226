import { resolve } from 'node:path';
import { IngotError } from '../../host/ingot-error.ts';
import type { AnswerSource, FleetNode } from './fleet-node.ts';
import { expandRanges, maxFleetNodes } from './range.ts';
import type { InventoryEntry } from './schema.ts';

const answerName = /^(?!\.)(.+)\.json$/;

/** The names of the nodes of an entry. For a folder without names, the nodes whose answers it contains. */
function namesOf(
  entry: InventoryEntry,
  folder: string | undefined,
  list: (folder: string) => readonly string[],
): string[] {
  if (entry.host !== undefined) return expandRanges(entry.host);
  if (entry.nodes !== undefined) return entry.nodes.flatMap(expandRanges);
  return folder === undefined ? [] : list(folder).flatMap((name) => answerName.exec(name)?.[1] ?? []);
}

/** Where to read the answer of a node of an entry; `folder` is absolute. */
function sourceOf(
  { url, address, user, port, jump }: InventoryEntry,
  name: string,
  folder: string | undefined,
): AnswerSource {
  if (url !== undefined) return { kind: 'url', url: url.replaceAll('{node}', encodeURIComponent(name)) };
  if (folder !== undefined) return { kind: 'folder', file: `${folder}/${name}.json` };
  return { kind: 'ssh', host: address ?? name, user, port, jump };
}

/**
 * All nodes of an inventory, in its order.
 * @param base absolute; folders are relative to it
 * @param list returns the names in a folder
 * @throws IngotError wrong-inventory for a node that appears twice, because it would be counted twice, and for no nodes
 * or too many
 */
export function fleetNodes(
  entries: readonly InventoryEntry[],
  base: string,
  list: (folder: string) => readonly string[],
): FleetNode[] {
  const nodes = new Map<string, FleetNode>();
  const twice = new Set<string>();
  const reached = new Map<string, string>();
  for (const entry of entries) {
    const folder = entry.folder === undefined ? undefined : resolve(base, entry.folder);
    for (const name of namesOf(entry, folder, list)) {
      if (nodes.has(name)) twice.add(name);
      const source = sourceOf(entry, name, folder);
      nodes.set(name, { name, role: entry.role, source });
      if (source.kind !== 'ssh') continue;
      const place = JSON.stringify([source.host, source.port, source.jump]);
      const other = reached.get(place);
      if (other !== undefined && other !== name) twice.add(`${other} and ${name}, both at ${source.host}`);
      reached.set(place, name);
    }
  }
  const wrong = (message: string, hint: string, excerpt: readonly string[] = []): IngotError =>
    new IngotError({ code: 'wrong-inventory', message, hint, excerpt });
  if (twice.size > 0)
    throw wrong(
      'the inventory names nodes twice:',
      'name each node once: ranges may overlap',
      [...twice].slice(0, 10),
    );
  if (nodes.size === 0)
    throw wrong('the inventory has no node', 'its folders are empty: they must contain files NAME.json');
  if (nodes.size > maxFleetNodes)
    throw wrong(`the inventory has ${nodes.size} nodes`, `at most ${maxFleetNodes} nodes are supported`);
  return [...nodes.values()];
}
