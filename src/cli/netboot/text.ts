import type { GeneratedTree } from '../../netboot/netboot-tree.ts';
import { refusedNote } from '../../seed/cluster-seed.ts';

/** Which machines boot what from the folder. */
export function treeText({ plan, versions, seedRefused }: GeneratedTree): string {
  const known = plan.machines.filter(({ macs }) => macs[0] === macs[1]).length;
  const ranges = plan.machines.length - known;
  return [
    ...versions.map(({ role, version }) => `${role.padEnd(9)}${version}`),
    `${'machines'.padEnd(9)}${known} named, ${ranges} ranges; any other ${plan.unknown === 'menu' ? 'gets a menu' : `is a ${plan.unknown}`}`,
    ...(seedRefused ? [`${'seed'.padEnd(9)}${refusedNote}`] : []),
    '',
  ].join('\n');
}
