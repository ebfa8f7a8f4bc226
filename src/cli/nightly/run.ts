import { join, resolve } from 'node:path';
import { exitCodes, IngotError } from '../../host/ingot-error.ts';
import { becomeSoleOwner } from '../../host/sole-owner.ts';
import { readPlan } from '../../inputs/read-plan.ts';
import { nightsFolder, openNight, removeOldNights } from '../../nightly/night-folder.ts';
import { runSteps } from '../../nightly/run-steps.ts';
import { signingVariable } from '../../version/key-files.ts';
import type { Signer } from '../../version/signer.ts';
import type { nightlyShape } from '../shapes/nightly-shape.ts';
import { jsonText } from '../shared/json-text.ts';
import { poolOf } from '../shared/pool-of.ts';
import { type NamedSigner, signerOf } from '../shared/signer-of.ts';
import type { World } from '../world.ts';
import type { NightlyInput } from './options.ts';
import { stepsOf } from './steps.ts';
import { stepLine } from './text.ts';
import { nightFiles, writeNightReports } from './write-night-reports.ts';

async function requireSigner(world: World, named: NamedSigner): Promise<Signer> {
  const found = await signerOf(world, named);
  if (found !== undefined) return found;
  throw new IngotError({
    code: 'wrong-key',
    message: 'there is no key to sign with: a channel leads only to signed versions',
    hint: `name one with --sign FILE, or put its text into ${signingVariable}; ingot keygen creates one`,
  });
}

/**
 * ingot nightly: updates the lock, and if anything changed, bakes, verifies, rehearses, compares and publishes; prints
 * the folder of the night, or its summary, on stdout.
 */
export async function nightly(world: World, input: NightlyInput): Promise<number> {
  const { host, signal, cwd } = world;
  const out = resolve(cwd, input.out);
  const signer = await requireSigner(world, input);
  const { plan } = await readPlan(host, input.spec, { pool: () => poolOf(world, input.pool) });
  const owner = await becomeSoleOwner(nightsFolder(out), `ingot nightly of the store ${input.out}`);
  try {
    const spec = resolve(cwd, input.spec);
    const { open, earlier } = await openNight({ out, cluster: plan.cluster, spec, now: host.now() });
    const { folder, night } = open;
    if (night.steps.length > 0) world.err(`nightly  ${night.name} was interrupted: it continues\n`);
    const ended = await runSteps(open, {
      ...{ earlier, signal, now: () => host.now() },
      steps: stepsOf({ world, input, out, folder, signer }, night),
      onStep: (name, record) => {
        if (record !== undefined && !input.quiet) world.err(stepLine(name, record));
      },
    });
    const summary = await writeNightReports(ended.open);
    await removeOldNights(out);
    world.err(`nightly  ${summary.result}; report ${join(folder, nightFiles.html)}\n`);
    world.out(input.json ? jsonText<typeof nightlyShape>(summary) : `${folder}\n`);
    if (ended.error !== undefined) throw ended.error;
    return exitCodes.done;
  } finally {
    await owner.release();
  }
}
