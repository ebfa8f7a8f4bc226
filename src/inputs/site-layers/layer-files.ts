import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalNodePath } from '../cluster-spec/node-path.ts';
import { whyNotPlaced } from '../load-placed-files.ts';
import type { LayerFault } from './layer-parts.ts';

/** What is below rootfs/ of a layer. */
interface LayerFiles {
  /** The paths of its files and links on a node, sorted. */
  readonly files: readonly string[];
  readonly faults: readonly LayerFault[];
}

const privileged =
  'a file without it: of a mode only the execute bit counts here. Set it in a step, and allow it with setuid';

/**
 * Lists the files of a layer, and what no node can have as it is: privileged files, devices, paths through the links
 * of Debian's root.
 * @param rootfs absolute
 * @param name of that folder in errors
 */
export async function layerFiles(rootfs: string, name: string): Promise<LayerFiles> {
  const files: string[] = [];
  const faults: LayerFault[] = [];
  for (const entry of await readdir(rootfs, { recursive: true, withFileTypes: true })) {
    const place = join(entry.parentPath, entry.name);
    const path = place.slice(rootfs.length);
    if (path.includes('/__pycache__')) continue;
    const real = canonicalNodePath(path);
    if (real !== path && !entry.isDirectory())
      faults.push({ message: `${name}${path} is ${real} on a node`, right: `${name}${real}` });
    if (entry.isDirectory()) continue;
    const found = await lstat(place);
    const why = found.isSymbolicLink() ? undefined : whyNotPlaced(found);
    if (why !== undefined)
      faults.push({
        message: `${name}${path} ${why}`,
        right: found.isFile() ? privileged : 'a file, a folder or a link',
      });
    files.push(path);
  }
  return { files: files.sort(), faults };
}
