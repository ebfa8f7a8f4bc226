import type { Plan, Role } from './plan.ts';

/** What of a spec or a plan chooses layers. */
export type Choices = Pick<Plan, 'layout' | 'scheduler'>;

/**
 * The folders below images/ that make a role, in the order in which they are laid over each other: what every node is, the role, the layout of
 * the Mesos packages, the scheduler. Those of the layout, and that of the scheduler on a slave, may be missing.
 */
export function imageLayers(role: Role, { layout, scheduler }: Choices): readonly string[] {
  return [
    ...['common', role, `layouts/${layout}/common`, `layouts/${layout}/${role}`],
    ...(scheduler === 'none' ? [] : [`schedulers/${scheduler}/${role}`]),
  ];
}

/** Whether a layer is the same in every role, so that its packages are composed once. */
export function isShared(layer: string): boolean {
  return layer === 'common' || layer.endsWith('/common');
}
