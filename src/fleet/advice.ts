import { layerFile } from '../inputs/plan/layer-place.ts';
import type { Drift } from './answer/drift.ts';

export type Action = 'reboot' | 'adopt' | 'investigate' | 'repair';

/** What of running things is put right by a restart and is no sign of somebody: it was set otherwise, or is missing. */
const harmless = new Set(['missing', 'stopped', 'moved', 'before the image']);

/** What removes a drift that a reboot keeps, for it is on the boot partition or the data partition; undefined for any other. */
function lasting(path: string): string | undefined {
  if (path.startsWith('boot:')) return 'write the slot anew with ingot-update, or the image to the disk';
  return path.startsWith('container:') ? 'remove it from the data partition (docker rm)' : undefined;
}

/**
 * What to do about a drift. It is judged here, by class, severity and kind: the node's own hint may be written by whoever has taken it over.
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

/** Where a wanted change belongs: the layer that has the path, else the role's own in images/. */
export function adoptPlace(path: string, role: string, layers: readonly string[]): string {
  if (path.startsWith('package:')) return `packages of images/${role}/image.yaml`;
  const [file = path] = path.split(':');
  return layerFile(layers[0] ?? `images/${role}/rootfs`, file);
}

/**
 * What is to be done, in words.
 * @param place where a wanted change belongs
 */
export function adviceText(action: Action, { path }: Pick<Drift, 'path'>, place: string): string {
  switch (action) {
    case 'reboot':
      return 'reboot: that puts it right';
    case 'adopt':
      return `adopt it if it is wanted (${place}, then bake); else reboot: that removes it`;
    case 'investigate':
      return 'investigate who did this before the reboot that removes it';
    case 'repair':
      return `investigate who did this; a reboot keeps it: ${lasting(path) ?? ''}`;
  }
}
