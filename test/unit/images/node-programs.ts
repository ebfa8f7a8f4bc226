import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { layerPlace, placedFolders } from '../../../src/inputs/plan/layer-place.ts';

const project = fileURLToPath(new URL('../../..', import.meta.url));

/** The absolute folder from which Python imports ingot_node. */
export const nodeTools = join(project, 'node-tools');

/** The absolute folders of the project with the files of a layer of images/. */
export function foldersOf(layer: string): string[] {
  const ofEveryNode = layer === 'common' ? placedFolders.map((name) => join(project, name)) : [];
  const folders = [
    join(project, 'images', layer, 'rootfs'),
    ...ofEveryNode,
    join(nodeTools, 'programs', layer),
  ];
  return folders.filter((folder) => existsSync(folder));
}

/** Copies all files of these layers to their places on a node, below a folder. */
export function layOut(folder: string, layers: readonly string[]): void {
  for (const from of layers.flatMap(foldersOf)) {
    const to = join(folder, layerPlace(from));
    mkdirSync(dirname(to), { recursive: true });
    cpSync(from, to, { recursive: true, filter: (path) => !path.endsWith('__pycache__') });
  }
}

const laid = new Map<string, string>();

/** A read-only folder with all files of these layers as on a node; created once, and removed when the tests end. */
export function nodePrograms(...layers: readonly string[]): string {
  const key = layers.join(' ');
  const there = laid.get(key);
  if (there !== undefined) return there;
  const folder = mkdtempSync(join(tmpdir(), 'ingot-programs-'));
  process.once('exit', () => {
    rmSync(folder, { recursive: true });
  });
  layOut(folder, layers);
  laid.set(key, folder);
  return folder;
}
