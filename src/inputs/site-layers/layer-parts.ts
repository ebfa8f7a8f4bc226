import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { allRoles, type Role } from '../roles.ts';
import { nearestWord } from '../yaml/nearest-word.ts';

/** A folder of the form of images/…: the layer itself, or its folder for every node or for one role. */
export interface LayerPart {
  /** "" for the layer itself, or "common", "master", "slave". */
  readonly below: string;
  readonly role: Role | null;
}

/** Something that is wrong with a layer as a whole. */
export interface LayerFault {
  readonly message: string;
  readonly right: string;
}

const partKinds = { 'image.yaml': 'file', rootfs: 'folder', steps: 'folder' } as const;
const ofLayer = { ...partKinds, templates: 'folder' } as const;
const roleFolders = ['common', ...allRoles] as const;

/** Files that a repository has next to its content; they are not part of a layer. */
const ignored = /^\.|\.md$|^(?:LICENSE|LICENCE|COPYING|README|CHANGELOG|Makefile)(?:\..*)?$/i;

/** Reports whether a name at the top of a layer is not part of it. */
export function isIgnoredInLayer(name: string): boolean {
  return ignored.test(name);
}

/** Reports whether a name at the top of a layer is one of those that a layer is made of. */
export function isLayerPart(name: string): boolean {
  return Object.hasOwn(ofLayer, name) || (roleFolders as readonly string[]).includes(name);
}

interface Entry {
  readonly name: string;
  readonly kind: 'file' | 'folder';
}

async function entriesOf(folder: string): Promise<Entry[]> {
  const names = (await readdir(folder)).filter((name) => !isIgnoredInLayer(name)).sort();
  return await Promise.all(
    names.map(async (name): Promise<Entry> => {
      const found = await stat(join(folder, name));
      return { name, kind: found.isDirectory() ? 'folder' : 'file' };
    }),
  );
}

function kindOf(known: Readonly<Record<string, Entry['kind']>>, { name, kind }: Entry): string | undefined {
  const wanted = known[name];
  if (wanted === undefined) {
    const near = nearestWord(name, Object.keys(known));
    return `does not belong to a layer; a layer has ${Object.keys(known).join(', ')}${near === undefined ? '' : `: did you mean ${near}?`}`;
  }
  return wanted === kind ? undefined : `has to be a ${wanted}`;
}

/**
 * Finds the parts of a layer: itself, if it has files, and its folders common, master and slave.
 * @param folder absolute
 * @param name of the layer in errors
 * @param role of the layer in the spec
 */
export async function layerParts(
  folder: string,
  name: string,
  role: Role | undefined,
): Promise<{ readonly parts: readonly LayerPart[]; readonly faults: readonly LayerFault[] }> {
  const faults: LayerFault[] = [];
  const parts: LayerPart[] = [];
  const judge = (known: Readonly<Record<string, Entry['kind']>>, entry: Entry, below: string): void => {
    const why = kindOf(known, entry);
    if (why !== undefined)
      faults.push({
        message: `${name}/${below}${entry.name} ${why}`,
        right: 'files of a node in rootfs/, at the path that they have on it',
      });
  };
  const entries = await entriesOf(folder);
  const all = { ...ofLayer, ...Object.fromEntries(roleFolders.map((one) => [one, 'folder' as const])) };
  for (const entry of entries) judge(all, entry, '');
  const has = (names: readonly string[]) => entries.some((entry) => names.includes(entry.name));
  if (has(Object.keys(ofLayer))) parts.push({ below: '', role: role ?? null });
  for (const one of roleFolders) {
    if (!has([one])) continue;
    parts.push({ below: one, role: one === 'common' ? null : one });
    if (role !== undefined)
      faults.push({
        message: `${name} is for the ${role} only, and has the folder ${one}/`,
        right: `no role: the folders common, master and slave say which node gets what`,
      });
    else for (const entry of await entriesOf(join(folder, one))) judge(partKinds, entry, `${one}/`);
  }
  if (parts.length === 0)
    faults.push({
      message: `${name} is empty: a layer without ${Object.keys(all).join(', ')}`,
      right: 'the folder that contains one of them',
    });
  if (role !== undefined && has(['templates']))
    faults.push({
      message: `${name} is for the ${role} only, and has the folder templates/`,
      right: 'a layer without role: a template is the same for all nodes',
    });
  return { parts, faults };
}
