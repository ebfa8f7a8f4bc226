import type { Preset } from '../cluster-spec/presets/preset.ts';
import type { PackageOrigin } from '../cluster-spec/schema.ts';
import { aptUrl } from '../url/canonical-url.ts';
import type { FromOrigin } from './package-origin.ts';
import type { AptSource } from './plan.ts';
import { resolvePath } from './resolve-path.ts';

/** What a spec says about a preset in addition to its name. */
export type PresetSettings = Pick<PackageOrigin, 'mirror' | 'key' | 'validUntil' | 'version'>;

/**
 * Returns the apt source of a preset: its owner's, or the site's mirror of it. The owner's key signs both, unless the
 * site signs its mirror with its own key.
 */
function presetSource(
  preset: Preset,
  { mirror, key, validUntil }: PresetSettings,
  suite: string,
  specFolder: string,
): AptSource {
  const ownKey = mirror !== undefined && key !== undefined;
  return {
    uris: [aptUrl(mirror ?? preset.url)],
    suites: [suite],
    components: preset.components,
    ...(key === undefined ? {} : { signedBy: resolvePath(specFolder, key) }),
    ...(validUntil === false ? { validUntil: false } : {}),
    label: 'mesos',
    preset: {
      ...{ name: preset.name, package: preset.package, mirror: mirror !== undefined },
      ...(key === undefined ? { keyUrl: preset.key.url } : {}),
      ...(ownKey ? {} : { fingerprint: preset.key.fingerprint }),
    },
  };
}

/**
 * Returns the origin of Mesos for a preset: a source, its key and the package to install from it.
 * @param suite of the base; the preset's suites have the same names
 * @param specFolder absolute; relative paths are resolved against it
 */
export function fromPreset(
  preset: Preset,
  settings: PresetSettings,
  suite: string,
  specFolder: string,
): FromOrigin {
  const { version } = settings;
  return {
    debs: [],
    sources: [presetSource(preset, settings, suite, specFolder)],
    packages: [version === undefined ? preset.package : `${preset.package}=${version}`],
  };
}
