import { z } from 'zod';
import * as field from './fields.ts';
import { type PresetName, presetNames, presetOfMirrors, presets } from './presets/all-presets.ts';
import { type Context, fail, record } from './rules.ts';

export const presetWord = z.enum(presetNames).meta({
  title: 'preset',
  description: 'a source that ingot knows, with the key that has to sign it',
  examples: [presetNames[0]],
});

/** The keys of `mesos` that belong to a preset. */
export const presetFields = {
  preset: presetWord.optional(),
  mirror: field.aptUrlSchema
    .meta({
      title: 'URL of a mirror',
      description: "the site's own copy of the preset's apt source, up to the folder that contains dists/",
      examples: ['https://mirror.example.org/clusterd'],
    })
    .optional(),
  key: field.localPath
    .meta({
      title: 'path of a key',
      description:
        "a copy of the preset's key on the build host, in place of the one that ingot lock fetches; for a mirror also the site's own key, if the site signs it",
      examples: ['keys/clusterd.asc'],
    })
    .optional(),
  validUntil: z
    .boolean()
    .meta({ description: 'false to read a mirror whose Release file has expired', examples: [false] })
    .optional(),
};

/** Returns the preset that a value of `mesos` names, by its word or by a mirror; undefined if it names none. */
export function presetOf(mesos: unknown): PresetName | undefined {
  const { preset, mirror } = record(mesos) ?? {};
  const word =
    typeof mesos === 'string' ? mesos : (preset ?? (mirror === undefined ? undefined : presetOfMirrors));
  return presetNames.find((name) => name === word);
}

/** Checks `mesos` with a preset: keys that belong to other origins must not be set as well. */
export function checkPresetOrigin(value: unknown, context: Context): void {
  const origin = record(value);
  if (origin === undefined || Array.isArray(value)) return;
  const given = (keys: readonly string[]): string[] => keys.filter((key) => origin[key] !== undefined);
  const [own] = given(['preset', 'mirror']);
  if (own !== undefined)
    for (const key of given(['deb', 'source', 'sha256', 'package']))
      fail(
        context,
        [key],
        `${key} besides ${own}`,
        `no ${key}: the preset says where the package comes from`,
      );
  else
    for (const key of given(['key', 'validUntil']))
      fail(
        context,
        [key],
        `${key} without a preset`,
        origin['source'] === undefined ? `${key} belongs to preset or mirror` : `${key} below source`,
      );
}

/** Checks a spec whose Mesos comes from a preset: the layout and the suite must be those of its packages. */
export function checkPreset(spec: unknown, context: Context): void {
  const { mesos, layout, base } = record(spec) ?? {};
  const name = presetOf(mesos);
  if (name === undefined) return;
  const preset = presets[name];
  if (typeof layout === 'string' && layout !== preset.layout)
    fail(
      context,
      ['layout'],
      `the packages of the preset ${name} have the layout ${preset.layout}, not ${layout}`,
      `no layout: it follows from the preset`,
    );
  const suite = record(base)?.['suite'];
  if (typeof suite === 'string' && !preset.suites.includes(suite))
    fail(
      context,
      ['base', 'suite'],
      `the preset ${name} has no packages for ${suite}`,
      `${preset.suites.join(' or ')}; packages that you build for ${suite}: mesos with deb or source`,
    );
}

/** Returns `mesos` as a map that names its preset, in whichever form it was written. */
export function namedPreset<Origin extends { readonly preset?: PresetName | undefined }>(
  mesos: Origin | PresetName,
): Origin {
  const preset = presetOf(mesos);
  const origin = (typeof mesos === 'string' ? {} : mesos) as Origin;
  return preset === undefined ? origin : { ...origin, preset };
}
