import { join, resolve } from 'node:path';
import type { World } from '../src/cli/world.ts';
import { exitCodes } from '../src/host/ingot-error.ts';
import { projectFolder } from '../src/host/project-folder.ts';
import { loadTemplates } from '../src/inputs/load-templates.ts';
import { defaultPool } from '../src/inputs/pool/pool.ts';
import { readPlan } from '../src/inputs/read-plan.ts';
import type { BenchInput } from './options.ts';
import { listLines, runBench } from './run-bench.ts';
import { resultsTable } from './table.ts';

/** Measures the requested lines and records the results; prints all recorded results. */
export async function bench(world: World, options: BenchInput): Promise<number> {
  if (options.list) {
    world.out(listLines(options.only, options.quick));
    return exitCodes.done;
  }
  const { host, cwd, env, signal } = world;
  const specFile = resolve(cwd, options.spec);
  const { plan } = await readPlan(host, specFile);
  const results = await runBench(host, {
    ...options,
    boundMinutes: options.bound,
    out: resolve(cwd, options.out),
    page: options.page === undefined ? undefined : resolve(cwd, options.page),
    parts: { plan, templates: await loadTemplates(join(projectFolder, 'templates')) },
    workspace: {
      specFile,
      project: projectFolder,
      userPool: resolve(cwd, defaultPool(env)),
      accelerator: env['INGOT_ACCEL'],
      signal,
      say: (line) => {
        world.err(`${line}\n`);
      },
    },
  });
  world.out(options.json ? `${JSON.stringify(results, null, 2)}\n` : resultsTable(results));
  return exitCodes.done;
}
