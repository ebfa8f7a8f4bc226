/** Folders of node-tools/ that are not laid out from / as a node is: where their content is on a node. */
const placed: Readonly<Record<string, string>> = {
  'node-tools/ingot_node': '/usr/lib/ingot/ingot_node',
  'node-tools/initrd': '/usr/lib/ingot/initrd',
};

/** The folders of node-tools/ that are on every node besides the programs of its layers, from the project's folder. */
export const placedFolders: readonly string[] = Object.keys(placed);

/** Where on a node the content of a layer's folder is: "" means /, as for every rootfs/. */
export function layerPlace(folder: string): string {
  const name = placedFolders.find((one) => folder === one || folder.endsWith(`/${one}`));
  return name === undefined ? '' : (placed[name] ?? '');
}

/** A layer's folder as people know it, from the project's folder: "images/common/rootfs", "node-tools/initrd". */
export function layerName(folder: string): string {
  return folder.replace(/^.*\/(?=(images|node-tools)\/)/, '');
}

/**
 * The file of the project for a path on a node.
 * @param folder of the layer that has it, absolute or from the project's folder
 * @param path absolute, on the node
 */
export function layerFile(folder: string, path: string): string {
  return `${folder}${path.slice(layerPlace(folder).length)}`;
}
