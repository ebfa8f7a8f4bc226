import { IngotError } from '../host/ingot-error.ts';
import type { PlacedFile, Plan, Role } from '../inputs/plan/plan.ts';
import { renderFrom, type Templates } from './templates.ts';

/** Values of release.json that are not in the plan. */
export interface ReleaseFacts {
  /** ingot's own version. */
  readonly tool: string;
  /** "name version" of every stand-in package in the image; an image with any is not for production. */
  readonly standIns: readonly string[];
}

/**
 * Renders the files of a role that are generated from the plan, with their paths on the node.
 * @throws IngotError wrong-usage if the plan has no such role
 */
export function renderNodeFiles(
  templates: Templates,
  plan: Plan,
  role: Role,
  release: ReleaseFacts,
): readonly PlacedFile[] {
  const rolePlan = plan.roles.find((one) => one.role === role);
  if (rolePlan === undefined) {
    throw new IngotError({ code: 'wrong-usage', message: `the plan has no role ${role}` });
  }
  const place = (path: string, template: string, context: object): PlacedFile => ({
    path,
    mode: '0644',
    content: renderFrom(templates, `node/${template}.hbs`, context),
  });
  const sysctls = Object.entries(rolePlan.sysctls)
    .map(([name, value]) => ({ name, value }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const { modules = [] } = rolePlan;
  return [
    ...(modules.length === 0
      ? []
      : [place('/etc/modules-load.d/60-cluster.conf', '60-cluster-modules.conf', { role, modules })]),
    place('/etc/sysctl.d/60-cluster.conf', '60-cluster-sysctl.conf', { role, sysctls }),
    place('/usr/lib/systemd/system-preset/00-ingot.preset', '00-ingot.preset', rolePlan),
    place('/usr/lib/ingot/units-masked', 'units-masked', rolePlan),
    place('/usr/lib/ingot/kernel-arguments', 'kernel-arguments', rolePlan),
    place('/usr/lib/systemd/system/ingot-trial-deadline.timer.d/10-spec.conf', 'trial-deadline.conf', plan),
    place('/usr/lib/ingot/release.json', 'release.json', {
      role,
      layout: plan.layout,
      scheduler: plan.scheduler,
      suite: plan.base.suite,
      architecture: plan.base.architecture,
      date: new Date(plan.epoch * 1000).toISOString().replace('.000Z', 'Z'),
      tool: release.tool,
      standIns: release.standIns,
      production: release.standIns.length === 0,
    }),
  ];
}
