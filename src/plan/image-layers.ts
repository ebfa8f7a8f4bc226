import type { Plan, Role } from './plan.ts';

/** The folders below images/ that make a role, in the order in which they are laid over each other; the last two may be missing. */
export function imageLayers(role: Role, layout: Plan['layout']): readonly string[] {
  return ['common', role, `layouts/${layout}/common`, `layouts/${layout}/${role}`];
}

/** Whether a layer is the same in every role, so that its packages are composed once. */
export function isShared(layer: string): boolean {
  return layer === 'common' || layer.endsWith('/common');
}
