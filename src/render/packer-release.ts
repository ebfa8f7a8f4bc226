import { IngotError } from '../host/ingot-error.ts';

/** A plugin of Packer that a template declares. */
export interface PackerPlugin {
  /** What `packer plugins install` takes: "github.com/hashicorp/qemu". */
  readonly source: string;
  /** Exactly this version, so that two hosts build with the same program: "1.1.4". */
  readonly version: string;
}

/** What a release of Packer can do. */
export interface PackerRelease {
  /** The first release with these abilities: "1.7.0". */
  readonly from: string;
  /** The constraint that a template states, so that an older Packer says what it lacks. */
  readonly requiredVersion: string;
  /** Set if the builder is a plugin of its own, which the template declares. */
  readonly qemu?: PackerPlugin;
  /** How the plugin is installed from a file, on a host without internet. */
  readonly fromFile?: string;
}

/** Runs under Packer 1.7 to 1.16: its plugin interface is x5.0, as theirs. */
const qemu = { source: 'github.com/hashicorp/qemu', version: '1.1.4' } as const;

/** Debian 12's, with all builders bundled; it rejects required_plugins. */
export const oldestPacker: PackerRelease = { from: '1.6.6', requiredVersion: '>= 1.6.6' };

/**
 * Oldest first; a release has the abilities of the last row that is not newer. Sources: Packer's CHANGELOG (1.7.0: init
 * and required_plugins; 1.10.0: no plugin is bundled; 1.11.0: plugins only below the plugin folder, with their SHA256SUM
 * file) and its documentation of `packer plugins install`.
 */
export const packerReleases: readonly PackerRelease[] = [
  oldestPacker,
  { from: '1.7.0', requiredVersion: '>= 1.7.0', qemu, fromFile: 'copy the program into the plugin folder' },
  {
    from: '1.10.0',
    requiredVersion: '>= 1.10.0',
    qemu,
    fromFile: `packer plugins install --path FILE ${qemu.source}`,
  },
];

/** The newest release that the templates were compared with. */
export const newestKnownPacker = '1.16';

const numbers = (version: string): number[] => version.split('.').map(Number);

/** Compares two versions of numbers, part by part. */
function isOlder(one: string, other: string): boolean {
  const [a, b] = [numbers(one), numbers(other)];
  const at = a.findIndex((part, index) => part !== (b[index] ?? 0));
  return at !== -1 && (a[at] ?? 0) < (b[at] ?? 0);
}

/** The version in what `packer version` prints ("Packer v1.6.6"): "1.6.6"; undefined if there is none. */
export function versionOfPacker(printed: string): string | undefined {
  return /\bv(\d+\.\d+\.\d+)/.exec(printed)?.[1];
}

/**
 * Returns what a version of Packer can do.
 * @param version "1.14.2"
 * @throws IngotError host-not-ready for a version that is older than all that are known
 */
export function packerRelease(version: string): PackerRelease {
  const found = packerReleases.findLast(({ from }) => !isOlder(version, from));
  if (found !== undefined) return found;
  throw new IngotError({
    code: 'host-not-ready',
    message: `this Packer is ${version}, and its templates cannot say what a bake needs`,
    hint: `install Packer ${oldestPacker.from} (Debian's package) or later, up to ${newestKnownPacker}`,
  });
}
