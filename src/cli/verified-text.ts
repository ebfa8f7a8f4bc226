import type { VerifiedRole } from '../verify/verify-cluster.ts';

/** What a node of a verification answered, as people read it: how it booted, then each check with what it saw. */
export function verifiedText({ role, firmware, secondsToSsh, checks }: VerifiedRole, from: string): string {
  const booted = `${role}: booted by ${firmware.toUpperCase()} from ${from}, ssh after ${secondsToSsh.toFixed(1)} s`;
  return [booted, ...checks.map(({ name, saw }) => `  ok  ${name}: ${saw}`), ''].join('\n');
}
