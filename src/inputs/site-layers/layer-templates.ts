import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { projectFolder } from '../../host/project-folder.ts';
import { loadTemplates } from '../load-templates.ts';
import { nearestWord } from '../yaml/nearest-word.ts';
import type { LayerFault } from './layer-parts.ts';

/** The folders of templates/ from which a spec is rendered; the others belong to reports, rehearsals and benchmarks. */
const replaceable = /^(?:boot|cloud-init|ec2|netboot|node|packer)\//;

interface LayerTemplates {
  /** Path below templates/ → text. */
  readonly templates: Readonly<Record<string, string>>;
  readonly faults: readonly LayerFault[];
}

/** Reads the templates of a layer (absolute folder); each replaces the template of ingot at the same path. */
export async function layerTemplates(folder: string, name: string): Promise<LayerTemplates> {
  const found = await stat(join(folder, 'templates')).catch(() => undefined);
  if (found?.isDirectory() !== true) return { templates: {}, faults: [] };
  const ours = [...(await loadTemplates(join(projectFolder, 'templates'))).keys()];
  const known = ours.filter((path) => replaceable.test(path));
  const templates = await loadTemplates(join(folder, 'templates'));
  const faults = [...templates.keys()].flatMap((path): LayerFault[] => {
    if (known.includes(path)) return [];
    const near = nearestWord(path, known);
    return [
      {
        message: `${name}/templates/${path} replaces ${ours.includes(path) ? 'what no spec is rendered with' : 'no template of ingot'}`,
        right: near === undefined ? 'the path of a file of templates/' : `${name}/templates/${near}`,
      },
    ];
  });
  return { templates: Object.fromEntries(templates), faults };
}
