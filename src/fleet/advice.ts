import { layerFile } from '../inputs/plan/layer-place.ts';
import type { Drift } from './answer/drift.ts';

export type Action = 'reboot' | 'adopt' | 'investigate' | 'repair';

/**
 * Kinds of drift of running things that a restart fixes and that do not suggest an intruder: a setting differs, or
 * something is missing.
 */
const harmless = new Set(['missing', 'stopped', 'moved', 'before the image']);

/**
 * How to remove a drift that survives a reboot because it is on the boot partition or the data partition; undefined for
 * any other drift.
 */
function lasting(path: string): string | undefined {
  if (path.startsWith('boot:')) return 'rewrite the slot with ingot-update, or write the image to the disk';
  return path.startsWith('container:') ? 'remove it from the data partition (docker rm)' : undefined;
}

/**
 * What to do about a drift. It is decided here, by class, severity and kind, because the node's own hint may come from
 * an intruder.
 */
export function actionOf({ path, class: driftClass, severity, kind }: Drift): Action {
  if (lasting(path) !== undefined) return 'repair';
  switch (driftClass) {
    case 'forbidden':
      return 'investigate';
    case 'derived':
      return severity === 'critical' ? 'investigate' : 'reboot';
    case 'fixed':
      return severity === 'critical' && !path.startsWith('package:') ? 'investigate' : 'adopt';
    case 'running':
      return path !== 'root' && (severity === 'warning' || harmless.has(kind)) ? 'reboot' : 'investigate';
  }
}

/** Where to add a wanted change: the layer that has the path, or else the role's own folder in images/. */
export function adoptPlace(path: string, role: string, layers: readonly string[]): string {
  if (path.startsWith('package:')) return `packages of images/${role}/image.yaml`;
  const [file = path] = path.split(':');
  return layerFile(layers[0] ?? `images/${role}/rootfs`, file);
}

/**
 * The action as text.
 * @param place where to add a wanted change
 */
export function adviceText(action: Action, { path }: Pick<Drift, 'path'>, place: string): string {
  switch (action) {
    case 'reboot':
      return 'reboot: this restores it';
    case 'adopt':
      return `adopt it if it is wanted (${place}, then bake); if not, reboot: this removes it`;
    case 'investigate':
      return 'investigate who did this before a reboot removes it';
    case 'repair':
      return `investigate who did this; a reboot does not remove it: ${lasting(path) ?? ''}`;
  }
}
