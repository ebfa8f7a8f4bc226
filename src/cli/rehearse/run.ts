import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { exitCodes } from '../../host/ingot-error.ts';
import { readPlan } from '../../inputs/read-plan.ts';
import { chooseDrills } from '../../rehearse/choose-drills.ts';
import { rehearseImages } from '../../rehearse/rehearse-images.ts';
import { signRehearsal } from '../../rehearse/sign-rehearsal.ts';
import { upgradeTable } from '../../rehearse/upgrade/upgrade-table.ts';
import { latestVersion } from '../../store/latest-version.ts';
import { latestVersions } from '../../store/named-versions.ts';
import { schedulerOfVersion } from '../../version/scheduler-of-version.ts';
import type { Signer } from '../../version/signer.ts';
import { withProgress } from '../progress/progress.ts';
import type { drillsShape, rehearseShape } from '../shapes/test-shapes.ts';
import { type DocumentOf, jsonText } from '../shared/json-text.ts';
import { poolOf } from '../shared/pool-of.ts';
import { signerOf } from '../shared/signer-of.ts';
import type { World } from '../world.ts';
import type { RehearseInput } from './options.ts';
import { planUpgrade } from './plan-upgrade.ts';
import { accessText, drillsDocument, drillsText, rehearsalText } from './text.ts';

/** Writes the result of a rehearsal next to its logs, as text and as JSON. */
async function keepReport(logs: string, text: string, data: object): Promise<void> {
  await writeFile(join(logs, 'rehearsal.txt'), text);
  await writeFile(join(logs, 'rehearsal.json'), jsonText(data));
}

/** Writes the HTML report of a rehearsal; without it, the rehearsal is as good. */
async function writePage(world: World, logs: string): Promise<void> {
  try {
    const { writeRehearsalReport } = await import('../../report/rehearsal/write-rehearsal-report.ts');
    world.err(`report  ${await writeRehearsalReport(logs)}\n`);
  } catch (error) {
    world.err(`the report was not written: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}

/**
 * ingot rehearse: boots a cluster of the latest images and runs drills with it, or upgrades a cluster of older images;
 * exit 1 if a drill fails.
 * @param own signs the statement, in place of the key that the options name
 */
export async function rehearse(world: World, options: RehearseInput, own?: Signer): Promise<number> {
  if (options.list) {
    world.out(options.json ? jsonText<typeof drillsShape>(drillsDocument()) : drillsText());
    return exitCodes.done;
  }
  const { host, signal, stream } = world;
  const { spec = '', from, to, wave, drain, fallBack } = options;
  const size = { masters: options.masters, slaves: options.slaves };
  const out = resolve(world.cwd, options.out);
  const { plan } = await readPlan(host, spec, { pool: () => poolOf(world, undefined) });
  const ground = { ...size, settings: plan.seed };
  const wish = from === undefined ? undefined : { from, to, wave, drain, fallBack };
  const upgrade = wish && (await planUpgrade(world, wish, options.out, ground));
  const master = upgrade?.to.master ?? (await latestVersion(out, 'master'));
  const scheduler = await schedulerOfVersion(master?.folder);
  const chosen = upgrade?.chosen ?? chooseDrills(options.drills, options.quick, { ...ground, scheduler });
  const named = (options.sign ?? options.signer) === undefined ? undefined : await signerOf(world, options);
  const signKey = own ?? named;
  const seedKey =
    signKey !== undefined && options.seedKey === undefined
      ? signKey
      : await signerOf(world, { sign: options.seedKey });
  const versions = upgrade?.from ?? (await latestVersions(out));
  const { outcomes, logs } = await rehearseImages(
    host,
    {
      ...(plan.templates === undefined ? {} : { templates: plan.templates }),
      ...{ cluster: plan.cluster, settings: plan.seed, size, chosen, seedKey, signal, out, versions },
      ...(upgrade === undefined ? {} : { served: upgrade.served }),
      accelerator: world.env['INGOT_ACCEL'],
    },
    {
      shown: (work) => withProgress({ stream, now: () => host.now() }, work),
      afterwards: async (rehearsal) => {
        const measure = upgrade?.measured();
        const failed = rehearsal.outcomes.some(({ result }) => result === 'failed');
        const table = failed && measure !== undefined ? upgradeTable(measure) : '';
        const text = rehearsalText(rehearsal, upgrade?.to) + table;
        const data: DocumentOf<typeof rehearseShape> = {
          schema: 1,
          ...rehearsal,
          nodes: options.keep ? rehearsal.nodes : [],
          ...(upgrade === undefined ? {} : { upgrade: { from: upgrade.from, to: upgrade.to, ...measure } }),
        };
        await keepReport(rehearsal.logs, text, data);
        await writePage(world, rehearsal.logs);
        world.out(options.json ? jsonText(data) : text);
        if (signKey !== undefined) {
          const signed = await signRehearsal({
            ...{ rehearsal, plan, size, scheduler, key: signKey, now: host.now() },
            versions: upgrade?.to ?? versions,
            ...(upgrade === undefined || measure === undefined
              ? {}
              : { upgrade: { from: upgrade.from, measure } }),
          });
          world.err(signed.length === 0 ? 'no statement was signed: a drill failed\n' : '');
          for (const file of signed) world.err(`signed  ${file}\n`);
        }
        if (!options.keep) return;
        world.err(accessText(rehearsal.nodes));
        if (!signal.aborted) await once(signal, 'abort');
      },
    },
  );
  const failed = outcomes.find(({ result }) => result === 'failed');
  if (failed === undefined) return exitCodes.done;
  const { explainDrill } = await import('./explain-drill.ts');
  world.err(await explainDrill(world, options, failed, logs));
  return exitCodes.failed;
}
