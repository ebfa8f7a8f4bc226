import { presetOf } from './preset-schema.ts';
import { presets } from './presets/all-presets.ts';
import { record } from './rules.ts';

/** How Mesos packages are laid out: folders of images/layouts. The first is what a spec means that says nothing. */
export const allLayouts = ['mesosphere', 'clusterd'] as const;
export type Layout = (typeof allLayouts)[number];

/** How the Mesos packages of a spec are laid out: as it says, else as its preset implies; also of a spec that is wrong elsewhere. */
export function layoutOf(spec: unknown): string {
  const { layout, mesos } = record(spec) ?? {};
  const preset = presetOf(mesos);
  if (typeof layout === 'string') return layout;
  return preset === undefined ? allLayouts[0] : presets[preset].layout;
}

/** A spec whose layout is filled in. */
export function withLayout<S extends { readonly layout?: Layout | undefined }>(
  spec: S,
): Omit<S, 'layout'> & { readonly layout: Layout } {
  return { ...spec, layout: layoutOf(spec) as Layout };
}
