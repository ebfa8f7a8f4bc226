import type { DonePromotion } from '../../channel/promote-to-channel.ts';
import { allRoles } from '../../inputs/roles.ts';
import { pointerText } from '../shared/pointer-text.ts';

/** What `ingot promote` prints: the pointer, what it names, and the vulnerabilities that remain. */
export function promotedText({ pointer, before, checked }: DonePromotion): string {
  const lines = allRoles.flatMap((role) => {
    const now = pointer.versions[role]?.version;
    const then = before?.versions[role]?.version;
    if (now === undefined) return [];
    return [`  ${role.padEnd(6)}  ${now}${then === undefined || then === now ? '' : `, before ${then}`}`];
  });
  const found = checked.flatMap(({ version: { role }, found: all }) => {
    const unrated = all.filter(({ severity }) => severity === undefined).length;
    if (all.length === 0) return [];
    return [
      `  ${role.padEnd(6)}  vulnerabilities that the policy allows: ${all.length}, ${unrated} of them not rated (--json lists them)`,
    ];
  });
  return [pointerText(pointer), ...lines, ...found, ''].join('\n');
}

/** The nodes of a wave: what was moved, or what is to be moved. */
export function waveText(nodes: readonly string[], moved: boolean): string {
  if (moved) return `  ${nodes.length} nodes have it, without drift and healthy\n`;
  const head = `  ${nodes.length} nodes are to have it (run ingot-update on them, or use --store-url):\n`;
  return head + nodes.map((name) => `${name}\n`).join('');
}
