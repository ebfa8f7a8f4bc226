import { join, resolve } from 'node:path';
import { listLines, runBench } from '../../../bench/run-bench.ts';
import { resultsTable } from '../../../bench/table.ts';
import { exitCodes } from '../../host/ingot-error.ts';
import { projectFolder } from '../../host/project-folder.ts';
import { loadTemplates } from '../../inputs/load-templates.ts';
import { defaultPool } from '../../inputs/pool/pool.ts';
import { readPlan } from '../../inputs/read-plan.ts';
import type { World } from '../world.ts';

export interface BenchCommand {
  readonly spec: string;
  readonly out: string;
  readonly only: readonly string[] | undefined;
  readonly runs: number | undefined;
  readonly boundMinutes: number;
  readonly page: string | undefined;
  readonly list: boolean;
  readonly quick: boolean;
  readonly keep: boolean;
  readonly json: boolean;
}

/** ingot bench: measures the wanted lines and keeps the results; prints all that are on record. */
export async function bench(world: World, options: BenchCommand): Promise<number> {
  if (options.list) {
    world.out(listLines(options.only, options.quick));
    return exitCodes.done;
  }
  const { host, cwd, env, signal } = world;
  const specFile = resolve(cwd, options.spec);
  const { plan } = await readPlan(host, specFile);
  const results = await runBench(host, {
    ...options,
    out: resolve(cwd, options.out),
    page: options.page === undefined ? undefined : resolve(cwd, options.page),
    parts: { plan, templates: await loadTemplates(join(projectFolder, 'templates')) },
    workshop: {
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
