import { join } from 'node:path';
import { exitCodes } from '../../host/ingot-error.ts';
import { projectFolder } from '../../host/project-folder.ts';
import { loadTemplates } from '../../inputs/load-templates.ts';
import { readPlan } from '../../inputs/read-plan.ts';
import { renderPipeline } from '../../render/render-pipeline.ts';
import type { World } from '../world.ts';
import type { PipelineInput } from './options.ts';

/** ingot pipeline: prints the pipeline of a CI system on stdout. */
export async function pipeline(world: World, input: PipelineInput): Promise<number> {
  const { engine, spec, key: publicKey, sharedCache: cache, package: packed, image, runner } = input;
  const { plan } = await readPlan(world.host, spec);
  const templates = await loadTemplates(join(projectFolder, 'templates'), plan.templates);
  world.out(
    renderPipeline(templates, engine, plan, { spec, publicKey, cache, package: packed, image, runner }),
  );
  return exitCodes.done;
}
