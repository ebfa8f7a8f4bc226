import type { JudgedVulnerability } from '../../channel/policy/check-vulnerabilities.ts';
import type { DonePromotion } from '../../channel/promote-to-channel.ts';
import { plainLines } from '../../host/plain-text.ts';
import { allRoles, type Role } from '../../inputs/roles.ts';
import { pointerText } from '../shared/pointer-text.ts';

function remaining(role: Role, all: readonly JudgedVulnerability[]): string[] {
  const affecting = all.filter(({ vex }) => vex === undefined);
  const unrated = affecting.filter(({ severity }) => severity === undefined).length;
  if (affecting.length === 0) return [];
  return [
    `  ${role.padEnd(6)}  vulnerabilities that the policy allows: ${affecting.length}, ${unrated} of them not rated (--json lists them)`,
  ];
}

/** What `ingot promote` prints: the pointer, what it names, and the vulnerabilities that remain. */
export function promotedText({ pointer, before, checked }: DonePromotion): string {
  const lines = allRoles.flatMap((role) => {
    const now = pointer.versions[role]?.version;
    const then = before?.versions[role]?.version;
    if (now === undefined) return [];
    return [`  ${role.padEnd(6)}  ${now}${then === undefined || then === now ? '' : `, before ${then}`}`];
  });
  const found = checked.flatMap(({ version: { role }, found: all }) => [
    ...all.flatMap(({ id, source, version, severity, vex, grave }) =>
      grave && vex !== undefined
        ? [
            `  ${role.padEnd(6)}  ${id} (${severity ?? 'not rated'}) in ${source} ${version} does not stop it: ${vex.justification}`,
            ...(vex.notes === '' ? [] : [`          ${plainLines(vex.notes).join(' ')}`]),
          ]
        : [],
    ),
    ...remaining(role, all),
  ]);
  return [pointerText(pointer), ...lines, ...found, ''].join('\n');
}

/** The nodes of a wave: what was moved, or what is to be moved. */
export function waveText(nodes: readonly string[], moved: boolean): string {
  if (moved) return `  ${nodes.length} nodes have it, without drift and healthy\n`;
  const head = `  ${nodes.length} nodes are to have it (run ingot-update on them, or use --store-url):\n`;
  return head + nodes.map((name) => `${name}\n`).join('');
}
