import { countText } from '../../host/count-text.ts';
import { describeCluster } from '../../inputs/plan/describe-plan.ts';
import type { Plan, RolePlan } from '../../inputs/plan/plan.ts';

/** The summary of a role: its counts, and the additions of the spec. */
function roleLine(role: RolePlan, sharedPackages: number): string {
  const { debs, files, unitsOn, checks, packages } = role;
  const own = [
    ...(debs.length === 0 ? [] : [countText(debs.length, '.deb')]),
    ...(files.length === 0 ? [] : [countText(files.length, 'file') + ' of yours']),
  ];
  return [
    countText(sharedPackages + packages.length, 'package'),
    ...own,
    countText(unitsOn.length, 'unit'),
    countText(checks.length, 'check'),
  ].join(', ');
}

/** What would be baked, in about 20 lines: the text of `ingot check`. Ends in a newline. */
export function planSummary(plan: Plan): string {
  const roles = plan.roles.map(
    (role) => `  ${role.role.padEnd(18)}${roleLine(role, plan.sharedPackages.length)}`,
  );
  return `${[...describeCluster(plan), ...roles].join('\n')}\nno errors; print everything with --verbose\n`;
}
