/** What names a Debian package in a package URL. */
export interface PackageName {
  /** The vendor: "debian", or what the lock calls the source of a foreign package. */
  readonly vendor: string;
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** "debian-12"; undefined for a package that is of no distribution. */
  readonly distribution?: string | undefined;
  /** The source package where it is called otherwise: "glibc", or "gcc-12@12.2.0-14" where its version is another too. */
  readonly upstream?: string | undefined;
}

/** Percent-encodes all but letters, digits, "-._~" and the colon (purl specification, "Character encoding"). */
function encoded(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%3A', ':');
}

/**
 * The package URL of a Debian package (purl specification, type deb): pkg:deb/debian/NAME@VERSION?arch=…&distro=…. The qualifier
 * `upstream` is not of the specification: Syft writes it, and Grype finds by it the advisories of Debian, which are of source packages.
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
