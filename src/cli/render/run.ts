import { join, resolve } from 'node:path';
import { exitCodes, IngotError } from '../../host/ingot-error.ts';
import { projectFolder } from '../../host/project-folder.ts';
import { readRendered, writeRendered } from '../../host/rendered-folder.ts';
import { loadTemplates } from '../../inputs/load-templates.ts';
import { readPlan } from '../../inputs/read-plan.ts';
import { diffRendered } from '../../render/diff-rendered.ts';
import {
  oldestPacker,
  type PackerRelease,
  packerRelease,
  versionOfPacker,
} from '../../render/packer-release.ts';
import { renderAll } from '../../render/render-all.ts';
import { poolOf } from '../shared/pool-of.ts';
import type { World } from '../world.ts';
import type { RenderInput } from './options.ts';

/** The release of Packer that was named. */
function releaseOf({ forPacker: packer }: RenderInput): PackerRelease {
  if (packer === undefined) return oldestPacker;
  const version = versionOfPacker(`v${packer.replace(/^v/, '')}`);
  if (version !== undefined) return packerRelease(version);
  throw new IngotError({
    code: 'wrong-usage',
    message: `this is not a version of Packer: ${packer}`,
    hint: 'three numbers, as packer version prints them: 1.14.2',
  });
}

/** ingot render: writes all files that a bake generates from the spec, or prints what would change in the folder. */
export async function render(world: World, options: RenderInput): Promise<number> {
  const { plan } = await readPlan(world.host, options.spec, { pool: () => poolOf(world, undefined) });
  const templates = await loadTemplates(join(projectFolder, 'templates'), plan.templates);
  const rendered = renderAll(plan, templates, releaseOf(options));
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
