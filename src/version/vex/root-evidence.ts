/** What a sealed root shows about itself, for statements about vulnerabilities. */
export interface RootEvidence {
  /** Names of kernel modules that can be loaded or are built in, with underscores: "dvb_core". */
  readonly modules: ReadonlySet<string>;
  /** Names of units that are masked: a link to /dev/null in /etc/systemd/system. */
  readonly masked: ReadonlySet<string>;
  /** Names of the packages that are installed. */
  readonly packages: ReadonlySet<string>;
}

const moduleOf = (path: string): string | undefined =>
  /\/([^/]+)\.ko(?:\.[a-z0-9]+)?$/.exec(path)?.[1]?.replaceAll('-', '_');

/**
 * The kernel's modules that a root has; none if it is not known what is built in.
 * @param paths all paths of the root
 * @param builtIn text of modules.builtin, one path in each line (kbuild(5), modules.builtin)
 */
export function modulesOf(paths: readonly string[], builtIn: string): ReadonlySet<string> {
  if (builtIn.trim() === '') return new Set();
  const all = [...paths, ...builtIn.split('\n')];
  return new Set(all.flatMap((path) => moduleOf(path) ?? []));
}

/**
 * The units that a root masks.
 * @param listing the output of `unsquashfs -lln -d ''`: mode, owner, size, date, time, path, for a link " -> target"
 */
export function maskedUnits(listing: string): ReadonlySet<string> {
  const link = /^l\S+\s.*\s\/etc\/systemd\/system\/([^/]+) -> \/dev\/null$/;
  return new Set(listing.split('\n').flatMap((line) => link.exec(line)?.[1] ?? []));
}
