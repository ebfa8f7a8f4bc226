/** What dpkg reported about a package that it could not install. */
export interface DpkgFailure {
  readonly package: string;
  /** "1.0", if dpkg printed it. */
  readonly version: string | undefined;
  /** What failed, as a phrase: "its post-installation script (postinst) ended with exit status 1". */
  readonly what: string;
  /** The last output of the script itself, or the reason that dpkg gave. */
  readonly words: readonly string[];
}

const failed = /^dpkg: error processing (?:package|archive) (\S+) \(--[a-z-]+\):$/;
const scriptFailed =
  /(?:new|old|installed) \S+ package (pre|post)-(installation|removal) script subprocess (?:returned error )?(.*)$/;
const begins = /^(?:Setting up|Unpacking|Preparing to unpack|Processing triggers for|Removing) /;
// What debconf prints when there is no terminal is not output of the package.
const noise = /^(?:debconf: |\(Reading database |dpkg-preconfigure: |Selecting previously )/;

/** The package name in "/…/name_1.0_all.deb", "name:amd64" or "name". */
function packageOf(named: string): string {
  const file = named.slice(named.lastIndexOf('/') + 1);
  return (file.split('_')[0] ?? file).replace(/:[a-z0-9-]+$/, '').replace(/^\d+-/, '');
}

function whatFailed(reason: string): string {
  const script = scriptFailed.exec(reason);
  if (script === null) return 'dpkg refused it';
  const [, when = '', what = '', how = ''] = script;
  const name = `${when}${what === 'installation' ? 'inst' : 'rm'}`;
  return `its ${when}-${what} script (${name}) ended with ${how.replace(/^error /, '')}`;
}

/**
 * Finds the first package that dpkg could not install in its output (dpkg(1) has no machine-readable form for the
 * output of scripts).
 * @returns undefined if no package failed
 */
export function dpkgFailure(lines: readonly string[]): DpkgFailure | undefined {
  const at = lines.findIndex((line) => failed.test(line));
  if (at < 0) return undefined;
  const name = packageOf(failed.exec(lines[at] ?? '')?.[1] ?? '');
  const reason = (lines[at + 1] ?? '').trim();
  const start = lines.slice(0, at).findLastIndex((line) => begins.test(line));
  const own = lines.slice(start + 1, at).filter((line) => line.trim() !== '' && !noise.test(line));
  const version = /\(([^()\s]+)\)/.exec(lines[start] ?? '')?.[1];
  return {
    package: name,
    version: start >= 0 && (lines[start] ?? '').includes(name) ? version : undefined,
    what: whatFailed(reason),
    words: scriptFailed.test(reason) ? own : [reason],
  };
}
