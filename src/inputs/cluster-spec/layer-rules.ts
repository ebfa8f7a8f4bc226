import { fetchedLayerName } from './layer-name.ts';
import { type Context, fail, failWithSecondPlace, record } from './rules.ts';

const places = ['path', 'git', 'archive'] as const;

/** Keys that go with some places only: the key → its places, and what to write. */
const onlyWith: Readonly<Record<string, { readonly with: readonly string[]; readonly right: string }>> = {
  ref: { with: ['git'], right: 'no ref: an archive is fixed by sha256, a folder is read as it is' },
  sha256: { with: ['archive'], right: 'no sha256: ingot lock fixes the commit of a repository' },
  folder: { with: ['git', 'archive'], right: 'path: the folder itself' },
  name: { with: ['git', 'archive'], right: 'no name: a folder is named by its path' },
};

/** Checks a layer of the spec: it names one place, with the keys that belong to it. */
export function checkLayer(value: unknown, context: Context): void {
  const layer = record(value);
  if (layer === undefined || Array.isArray(value)) return;
  const given = places.filter((key) => layer[key] !== undefined);
  const [place, second] = given;
  if (place === undefined) {
    const right = 'path: FOLDER; or git: URL with ref; or archive: FILE-OR-URL with sha256 and name';
    fail(context, [], 'a layer without its folder', right);
    return;
  }
  if (second !== undefined) {
    fail(context, [second], `both ${place} and ${second}`, 'one of path, git and archive');
    return;
  }
  for (const [key, rule] of Object.entries(onlyWith))
    if (layer[key] !== undefined && !rule.with.includes(place))
      fail(context, [key], `${key} with ${place}`, rule.right);
  if (place === 'git') checkGit(layer, context);
  if (place === 'archive') checkArchive(layer, context);
}

type Entry = Readonly<Record<string, unknown>>;

function checkGit(layer: Entry, context: Context): void {
  if (layer['ref'] === undefined)
    fail(context, ['git'], 'git without ref', 'ref: a tag, a branch or a whole commit id next to it');
  const { git } = layer;
  if (typeof git !== 'string') return;
  // ssh reads no password from a URL: it would only be a secret in the spec.
  if (/^ssh:\/\/[^/@]*:[^/@]*@/i.test(git))
    fail(
      context,
      ['git'],
      'an ssh URL with a password',
      'ssh://USER@HOST/PATH, and a key that the ssh agent has',
    );
  if (fetchedLayerName(layer) === undefined)
    fail(context, ['git'], 'no name follows from this repository', 'name: NAME next to it');
}

function checkArchive(layer: Entry, context: Context): void {
  if (layer['sha256'] === undefined)
    fail(
      context,
      ['archive'],
      'an archive without sha256',
      'sha256: the first word that sha256sum FILE prints',
    );
  // The file's name usually has a version in it, and the name of a layer is in the keys of a bake.
  if (layer['name'] === undefined)
    fail(context, ['archive'], 'an archive without name', 'name: the same for all versions of the layer');
}

/** Returns the path of a layer without what does not change its meaning: "./site/" is "site". */
export function layerPathOf(written: string): string {
  const parts = written.split('/').filter((part, index) => part !== '.' && (part !== '' || index === 0));
  return parts.length === 0 || (parts.length === 1 && parts[0] === '') ? written : parts.join('/');
}

/** A layer of the list, by the name that it has in keys; its entry may have been read already, or be wrong. */
interface Listed {
  readonly name: string;
  readonly written: string;
  readonly fetched: boolean;
  readonly index: number;
}

function listedLayer(layer: unknown, index: number): Listed[] {
  const entry: Entry = typeof layer === 'string' ? { path: layer } : (record(layer) ?? {});
  const { path, git, archive } = entry;
  const raw = git !== undefined || archive !== undefined;
  const fetched = raw || entry['fetched'] !== undefined;
  const written = raw ? fetchedLayerName(entry) : path;
  if (typeof written !== 'string') return [];
  return [{ name: fetched ? written : layerPathOf(written), written, fetched, index }];
}

/** Explains why a layer cannot be next to an earlier one: the files of two layers need different names in the keys. */
function whyNotBoth(one: Listed, earlier: Listed): { message: string; right: string } | undefined {
  const either = one.fetched || earlier.fetched;
  if (one.name === earlier.name)
    return either
      ? {
          message: `two layers are named ${one.name}`,
          right: 'name: ANOTHER NAME at a layer from git or an archive',
        }
      : {
          message: `the layer ${one.written} is listed twice`,
          right: 'each layer once; without role it is for every node',
        };
  const below = one.name.startsWith(`${earlier.name}/`) || earlier.name.startsWith(`${one.name}/`);
  if (!either || !below) return undefined;
  return {
    message: `the layer ${one.name} has a name above or below that of the layer ${earlier.name}`,
    right: 'name: ANOTHER NAME at a layer from git or an archive',
  };
}

/** Checks that the layers of the spec are different ones: a layer that is listed twice would replace itself. */
export function checkLayers(layers: unknown, context: Context): void {
  if (!Array.isArray(layers)) return;
  const listed = layers.flatMap(listedLayer);
  for (const [position, one] of listed.entries())
    for (const earlier of listed.slice(0, position)) {
      const why = whyNotBoth(one, earlier);
      if (why === undefined) continue;
      failWithSecondPlace(context, { path: [one.index], ...why, firstAt: [earlier.index] });
      break;
    }
}
