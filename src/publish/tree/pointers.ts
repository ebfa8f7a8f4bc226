import { join } from 'node:path';
import { IngotError } from '../../host/ingot-error.ts';
import { projectFolder } from '../../host/project-folder.ts';
import { loadTemplates } from '../../inputs/load-templates.ts';
import { netboot } from '../../inputs/targets/netboot.ts';
import { textsWithRootHash } from '../../inputs/targets/target-files.ts';
import { renderFrom } from '../../render/templates.ts';
import type { VersionTree } from './version-tree.ts';

/** A small text at the top of a place that names the current version of a role. */
export interface Pointer {
  /** Relative to the place: "slave.json". */
  readonly path: string;
  readonly content: string;
}

/** What every pointer contains; a file of that name without it is somebody else's. */
const mark = 'ingot publish';

/** The scripts of a version that boot it over the network, and the pointers that lead to them. */
const scripts = Object.fromEntries(
  textsWithRootHash([netboot]).map((path) => [path.slice(path.lastIndexOf('.') + 1), path]),
);

/** The names of all pointers of a role, whatever its version has. */
export function pointerNames(role: string): readonly string[] {
  return ['json', ...Object.keys(scripts)].map((kind) => `${role}.${kind}`);
}

/** Writes the pointers to a version: ROLE.json, and ROLE.ipxe and ROLE.cfg if it can be booted over the network. */
export async function pointersOf(tree: VersionTree): Promise<readonly Pointer[]> {
  const { role, version, rootHash, sumsSha256, path } = tree;
  const record = { schema: 1, writtenBy: mark, role, version, path, rootHash, sumsSha256 };
  const templates = await loadTemplates(join(projectFolder, 'templates', 'publish'));
  const has = new Set(tree.files.map((file) => file.path));
  const boot = Object.entries(scripts).flatMap(([kind, script]) =>
    has.has(`${path}/${script}`)
      ? [{ path: `${role}.${kind}`, content: renderFrom(templates, `role.${kind}.hbs`, { role, path }) }]
      : [],
  );
  const text = `${JSON.stringify(record, null, 2)}\n`;
  return [
    { path: locatorPath(role, version), content: text },
    { path: `${role}.json`, content: text },
    ...boot,
  ];
}

/** The small text that says where a version of a place is, for whoever knows only its name. */
export const locatorPath = (role: string, version: string): string => `${role}/${version}.json`;

/**
 * Checks what a place has under the names of pointers, before anything is sent.
 * @param present texts of the place by path
 * @throws IngotError publish-failed for a file that ingot did not write, and for a script that would go on booting the
 *   old version because the new one cannot be booted over the network
 */
export function requireOwnPointers(
  place: string,
  present: ReadonlyMap<string, string>,
  pointers: readonly Pointer[],
): void {
  const written = new Set(pointers.map(({ path }) => path));
  for (const [path, text] of present) {
    if (!text.includes(mark))
      throw new IngotError({
        code: 'publish-failed',
        message: `${place} has a file ${path} that ingot did not write; nothing was published`,
        hint: 'publish to an empty or new place, or move that file away',
      });
    if (!written.has(path))
      throw new IngotError({
        code: 'publish-failed',
        message: `machines boot from ${path} of ${place}, and the version to publish has no files for that; nothing was published`,
        hint: `put netboot among the targets of the spec and bake, or remove ${path} first`,
      });
  }
}
