import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Modules of the node that query its services, used in templates/rehearse/watch.py as in a node's checks. */
const modules = [
  '__init__',
  'cluster_api',
  'cluster_channel',
  'cluster_login',
  'zookeeper_client',
  'elections',
  'cluster_leaders',
  'cluster_question',
] as const;
const packageName = 'ingot_node';
const place = 'MODULES = {}';

/**
 * The watcher with the modules that it needs embedded, because a node with an image of an earlier ingot lacks them.
 * @param template text of templates/rehearse/watch.py
 * @param toolsFolder absolute path of node-tools/
 */
export async function watcherProgram(template: string, toolsFolder: string): Promise<string> {
  const folder = join(toolsFolder, packageName);
  const texts = await Promise.all(
    modules.map(
      async (name) =>
        [
          name === '__init__' ? packageName : `${packageName}.${name}`,
          await readFile(join(folder, `${name}.py`), 'utf8'),
        ] as const,
    ),
  );
  if (!template.includes(place)) throw new Error(`the watcher has no line ${place}`);
  // A JSON object of strings is a dictionary of Python.
  return template.replace(place, () => `MODULES = ${JSON.stringify(Object.fromEntries(texts))}`);
}
