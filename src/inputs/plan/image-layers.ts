import type { Plan, Role } from './plan.ts';

/** The settings of a spec or a plan that determine its layers. */
export type LayerSettings = Pick<Plan, 'layout' | 'scheduler'> & {
  readonly base: Pick<Plan['base'], 'suite'>;
};

/**
 * Returns the folders below images/ that make up a role, in the order in which they are laid over each other: that of
 * every node, the suite, the role, the layout of the Mesos packages, the scheduler. The folders of the suite and of the
 * layout, and that of the scheduler on a slave, may be missing.
 */
export function imageLayers(role: Role, { base, layout, scheduler }: LayerSettings): readonly string[] {
  return [
    ...['common', `suites/${base.suite}/common`, `suites/${base.suite}/${role}`],
    ...[role, `layouts/${layout}/common`, `layouts/${layout}/${role}`],
    ...(scheduler === 'none' ? [] : [`schedulers/${scheduler}/${role}`]),
  ];
}

/** Reports whether a layer is the same in every role, so that its packages are composed once. */
export function isShared(layer: string): boolean {
  return layer === 'common' || layer.endsWith('/common');
}
