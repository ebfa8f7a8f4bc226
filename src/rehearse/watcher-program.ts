import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Modules of the node with which its services are asked, in templates/rehearse/watch.py as in the checks of images/. */
const modules = [
  'cluster_login',
  'cluster_api',
  'zookeeper_client',
  'elections',
  'cluster_leaders',
  'cluster_question',
] as const;
const place = 'MODULES = {}';

/**
 * The watcher with the modules that it needs in it: a node whose image is of an earlier ingot lacks them.
 * @param template text of templates/rehearse/watch.py
 * @param imagesFolder absolute path of images/
 */
export async function watcherProgram(template: string, imagesFolder: string): Promise<string> {
  const folder = join(imagesFolder, 'common/rootfs/usr/lib/ingot');
  const texts = await Promise.all(
    modules.map(async (name) => [name, await readFile(join(folder, `${name}.py`), 'utf8')] as const),
  );
  if (!template.includes(place)) throw new Error(`the watcher has no line ${place}`);
  // A JSON object of strings is a dictionary of Python.
  return template.replace(place, () => `MODULES = ${JSON.stringify(Object.fromEntries(texts))}`);
}
