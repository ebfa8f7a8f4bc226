/** Parts of letters, digits, points, hyphens and the like, divided by slashes. */
export const layerNamePattern = /^[A-Za-z0-9][A-Za-z0-9._+-]*(?:\/[A-Za-z0-9][A-Za-z0-9._+-]*)*$/;

/** The keys of a fetched layer that its name is made of. */
interface NamedSource {
  readonly name?: unknown;
  readonly git?: unknown;
  readonly folder?: unknown;
}

/**
 * Returns the name of a layer from git or an archive, which keys and reports have: `name`, or the last part of the
 * repository's address with the folder in it. Undefined if that is not a name: the spec has to have one.
 */
export function fetchedLayerName({ name, git, folder }: NamedSource): string | undefined {
  if (typeof name === 'string') return name;
  if (typeof git !== 'string') return undefined;
  const repository = git
    .replace(/[?#].*$/, '')
    .replace(/(?:\/|\.git)+$/, '')
    .split('/')
    .at(-1);
  const own = [repository ?? '', ...(typeof folder === 'string' ? [folder.replace(/\/$/, '')] : [])].join(
    '/',
  );
  return layerNamePattern.test(own) ? own : undefined;
}
