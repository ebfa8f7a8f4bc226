import { join, resolve } from 'node:path';
import { exitCodes } from '../../host/ingot-error.ts';
import { projectFolder } from '../../host/project-folder.ts';
import { readRendered, writeRendered } from '../../host/rendered-folder.ts';
import { loadTemplates } from '../../inputs/load-templates.ts';
import { readPlan } from '../../inputs/read-plan.ts';
import { diffRendered } from '../../render/diff-rendered.ts';
import { renderAll } from '../../render/render-all.ts';
import { poolOf } from '../shared/pool-of.ts';
import type { World } from '../world.ts';
import type { RenderInput } from './options.ts';

/** ingot render: writes all files that a bake generates from the spec, or prints what would change in the folder. */
export async function render(world: World, options: RenderInput): Promise<number> {
  const { plan } = await readPlan(world.host, options.spec, { pool: () => poolOf(world, undefined) });
  const rendered = renderAll(plan, await loadTemplates(join(projectFolder, 'templates'), plan.templates));
  const folder = resolve(world.cwd, options.out);
  if (options.diff) {
    const changes = diffRendered(await readRendered(folder), rendered);
    world.out(changes);
    return changes === '' ? exitCodes.done : exitCodes.difference;
  }
  await writeRendered(folder, rendered);
  world.err(`${rendered.length} files in ${options.out}\n`);
  return exitCodes.done;
}
