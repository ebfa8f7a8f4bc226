import { presetOf } from './preset-schema.ts';
import { presets } from './presets/all-presets.ts';
import { record } from './rules.ts';

/** The layouts of Mesos packages: folders of images/layouts. The first one is the default. */
export const allLayouts = ['mesosphere', 'clusterd'] as const;
export type Layout = (typeof allLayouts)[number];

/**
 * Returns the layout of the Mesos packages of a spec: the one that it names, else the one that its preset implies. The
 * spec may be invalid elsewhere.
 */
export function layoutOf(spec: unknown): string {
  const { layout, mesos } = record(spec) ?? {};
  const preset = presetOf(mesos);
  if (typeof layout === 'string') return layout;
  return preset === undefined ? allLayouts[0] : presets[preset].layout;
}

/** Returns the spec with its layout filled in. */
export function withLayout<S extends { readonly layout?: Layout | undefined }>(
  spec: S,
): Omit<S, 'layout'> & { readonly layout: Layout } {
  return { ...spec, layout: layoutOf(spec) as Layout };
}
