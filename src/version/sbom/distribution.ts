/** The distribution of a root. */
export interface Distribution {
  /** "debian". */
  readonly id: string;
  /** "12"; undefined for a release that has no number yet. */
  readonly version: string | undefined;
}

/** Reads the distribution from the text of /usr/lib/os-release (os-release(5)). */
export function distributionOf(osRelease: string): Distribution {
  const value = (name: string) => new RegExp(`^${name}=["']?([^"'\\n]*)`, 'm').exec(osRelease)?.[1];
  return { id: value('ID') ?? 'linux', version: value('VERSION_ID') };
}

/** The name of a distribution in package URLs: "debian-12". */
export function distributionName({ id, version }: Distribution): string {
  return version === undefined ? id : `${id}-${version}`;
}
