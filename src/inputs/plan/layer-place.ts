/**
 * Folders of node-tools/ whose structure does not start at / of a node, and the folder on a node that each is copied
 * to.
 */
const placed: Readonly<Record<string, string>> = {
  'node-tools/ingot_node': '/usr/lib/ingot/ingot_node',
  'node-tools/initrd': '/usr/lib/ingot/initrd',
};

/**
 * The folders of node-tools/ that are on every node in addition to the programs of its layers, relative to the
 * project's folder.
 */
export const placedFolders: readonly string[] = Object.keys(placed);

/** Returns where the content of a layer's folder is on a node: "" means /, as for every rootfs/. */
export function layerPlace(folder: string): string {
  const name = placedFolders.find((one) => folder === one || folder.endsWith(`/${one}`));
  return name === undefined ? '' : (placed[name] ?? '');
}

/** Returns a layer's folder relative to the project's folder: "images/common/rootfs", "node-tools/initrd". */
export function layerName(folder: string): string {
  return folder.replace(/^.*\/(?=(images|node-tools)\/)/, '');
}

/**
 * Returns the file of the project for a path on a node.
 * @param folder of the layer that has it, absolute or relative to the project's folder
 * @param path absolute, on the node
 */
export function layerFile(folder: string, path: string): string {
  return `${folder}${path.slice(layerPlace(folder).length)}`;
}
