import { presetOf } from './preset-schema.ts';
import { presets } from './presets/all-presets.ts';
import { record } from './rules.ts';

/** How the Mesos packages are laid out where neither the spec nor its preset says it. */
export const usualLayout = 'mesosphere';

/** How the Mesos packages of a spec are laid out: as it says, else as its preset implies; also of a spec that is wrong elsewhere. */
export function layoutOf(spec: unknown): string {
  const { layout, mesos } = record(spec) ?? {};
  const preset = presetOf(mesos);
  if (typeof layout === 'string') return layout;
  return preset === undefined ? usualLayout : presets[preset].layout;
}
