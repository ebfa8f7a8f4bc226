import { clusterd } from './clusterd.ts';
import type { Preset } from './preset.ts';

/** The words that `mesos` may be, with the preset that each stands for. */
export const presets = { clusterd } as const satisfies Record<string, Preset>;
export type PresetName = keyof typeof presets;
export const presetNames = Object.keys(presets) as [PresetName, ...PresetName[]];

/** The preset of a spec that names a mirror and no preset. */
export const presetOfMirrors: PresetName = 'clusterd';
