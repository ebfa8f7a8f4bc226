import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { hostPrograms } from '../../bake/records/program-record.ts';
import { hostFacts } from '../../failures/bundle/host-facts.ts';
import { secretValues } from '../../failures/bundle/known-values.ts';
import { type BundleFile, readLogs } from '../../failures/bundle/read-logs.ts';
import { writeBundle } from '../../failures/bundle/write-bundle.ts';
import { failureFiles } from '../../failures/write-record.ts';
import { exitCodes, IngotError } from '../../host/ingot-error.ts';
import { loadSpec } from '../../inputs/load-spec.ts';
import { lockFileOf } from '../../inputs/lock-file-of.ts';
import { findRuns } from '../../store/runs.ts';
import type { World } from '../world.ts';
import type { ReportInput } from './options.ts';

/** The absolute folder of the logs to add; undefined if the store has no run. */
async function logsOf(out: string, name: string | undefined): Promise<string | undefined> {
  const folder = join(out, 'runs');
  const { runs } = await findRuns(folder).catch(() => ({ runs: [] as readonly string[] }));
  const logs = runs.map((run) => join(run, 'logs'));
  if (name === undefined)
    return logs.findLast((one) => existsSync(join(one, failureFiles.data))) ?? logs.at(-1);
  const found = runs.find((run) => basename(run) === name);
  if (found !== undefined) return join(found, 'logs');
  throw new IngotError({
    code: 'wrong-usage',
    message: `${folder} has no run ${name}`,
    hint:
      runs.length === 0
        ? 'name the store with --out FOLDER'
        : `its runs: ${runs
            .slice(-5)
            .map((run) => basename(run))
            .join(', ')}`,
  });
}

/** The spec and its lock; a spec that ingot refuses is added as well. */
async function inputFiles(cwd: string, spec: string | undefined): Promise<BundleFile[]> {
  if (spec === undefined) return [];
  const { text } = await loadSpec(resolve(cwd, spec));
  const lock = await readFile(lockFileOf(resolve(cwd, spec)), 'utf8').catch(() => undefined);
  return [
    { path: 'cluster.yaml', text },
    ...(lock === undefined ? [] : [{ path: 'cluster.lock.json', text: lock }]),
  ];
}

const json = (path: string, data: unknown): BundleFile => ({
  path,
  text: `${JSON.stringify(data, null, 2)}\n`,
});

/** ingot report --bundle: writes an archive for a bug report, without secrets; prints its path on stdout. */
export async function report(world: World, { spec, bundle, out, run }: ReportInput): Promise<number> {
  const { host, cwd, env } = world;
  const file = resolve(cwd, bundle);
  if (existsSync(file))
    throw new IngotError({
      code: 'wrong-usage',
      message: `${bundle} already exists`,
      hint: 'name another file, or remove it',
    });
  const store = resolve(cwd, out);
  const inputs = await inputFiles(cwd, spec);
  const logs = await logsOf(store, run);
  const read = logs === undefined ? { files: [], left: [] } : await readLogs(logs);
  const { paths, left, redacted } = await writeBundle(
    host,
    {
      files: [
        ...inputs,
        json('versions.json', await hostPrograms()),
        json('host.json', await hostFacts({ out: store }, env)),
        ...read.files,
      ],
      left: read.left,
      secrets: await secretValues(env, inputs[0]?.text ?? ''),
    },
    file,
  );
  world.err(
    `${paths.length} files${logs === undefined ? '; the store has no run, so there are no logs' : `, with the logs in ${logs}`}\n`,
  );
  if (redacted.length > 0) world.err(`secrets were replaced by *** in ${redacted.join(', ')}\n`);
  for (const { path, why } of left.filter(({ why }) => !why.startsWith('it says')))
    world.err(`left out: ${path}: ${why}\n`);
  world.err(
    'look through the archive before you give it away: names and addresses of the cluster are in it\n',
  );
  world.out(`${file}\n`);
  return exitCodes.done;
}
