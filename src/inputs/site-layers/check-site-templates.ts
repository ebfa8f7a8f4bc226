import { join } from 'node:path';
import { IngotError } from '../../host/ingot-error.ts';
import { projectFolder } from '../../host/project-folder.ts';
import { renderAll } from '../../render/render-all.ts';
import { loadTemplates } from '../load-templates.ts';
import type { Plan } from '../plan/plan.ts';

/** Returns the file of a layer that replaces a template: "site/templates/node/release.json.hbs". */
function fileOf({ contributions = [] }: Plan, path: string): string {
  const layer = contributions.findLast(({ adds }) => adds['templates']?.includes(path));
  return `${layer?.from ?? 'a layer'}/templates/${path}`;
}

/**
 * Runs work that renders templates. An error in a template of a layer names the layer's file.
 * @throws IngotError wrong-template
 */
export async function withTemplateNames<T>(plan: Plan, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof IngotError) || error.code !== 'wrong-template') throw error;
    const path = Object.keys(plan.templates ?? {}).find((one) =>
      error.message.startsWith(`templates/${one}:`),
    );
    if (path === undefined) throw error;
    const { code, hint, excerpt } = error;
    const message = `${fileOf(plan, path)}${error.message.slice(`templates/${path}`.length)}`;
    throw new IngotError({ code, message, excerpt, ...(hint === undefined ? {} : { hint }), cause: error });
  }
}

/**
 * Renders everything that a bake renders, so that a template of a layer that does not fit is reported before anything
 * is built.
 * @throws IngotError wrong-template that names the layer's file, line and column
 */
export async function checkSiteTemplates(plan: Plan): Promise<void> {
  if (plan.templates === undefined) return;
  const templates = await loadTemplates(join(projectFolder, 'templates'), plan.templates);
  await withTemplateNames(plan, () => renderAll(plan, templates));
}
