import type { VerifiedRole } from '../../boot-test/verify-cluster.ts';
import { stagesText } from '../../vm/boot-stages.ts';

/** The result of a boot test of one node: how it booted, then each check with its observed result. */
export function verifiedText(node: VerifiedRole, from: string): string {
  const { role, firmware, secondsToSsh, checks, boot } = node;
  const booted = `${role}: booted by ${firmware.toUpperCase()} from ${from}, ssh after ${secondsToSsh.toFixed(1)} s`;
  const healthy =
    boot === undefined
      ? []
      : [`  healthy ${boot.healthySeconds.toFixed(1)} s after power-on: ${stagesText(boot.stages, true)}`];
  return [booted, ...healthy, ...checks.map(({ name, saw }) => `  ok  ${name}: ${saw}`), ''].join('\n');
}
