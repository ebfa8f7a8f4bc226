/** What identifies a Debian package in a package URL. */
export interface PackageName {
  /** The vendor: "debian", or the lock's name for the source of a foreign package. */
  readonly vendor: string;
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** "debian-12"; undefined for a package that is not from a distribution. */
  readonly distribution?: string | undefined;
  /** The source package if its name differs: "glibc", or "gcc-12@12.2.0-14" if its version differs too. */
  readonly upstream?: string | undefined;
}

/**
 * Percent-encodes everything except letters, digits, "-._~" and the colon (purl specification, "Character encoding").
 */
function encoded(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%3A', ':');
}

/**
 * Writes the package URL of a Debian package (purl specification, type deb):
 * pkg:deb/debian/NAME@VERSION?arch=…&distro=…. The qualifier `upstream` is not in the specification. Syft writes it,
 * and Grype uses it to find Debian's advisories, which are about source packages.
 */
export function packageUrl({ vendor, name, version, ...one }: PackageName): string {
  const qualifiers = Object.entries({
    arch: one.architecture,
    distro: one.distribution,
    upstream: one.upstream,
  }).flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${encoded(value)}`]));
  const path = [vendor, name].map((part) => encoded(part.toLowerCase())).join('/');
  return `pkg:deb/${path}@${encoded(version)}?${qualifiers.join('&')}`;
}
