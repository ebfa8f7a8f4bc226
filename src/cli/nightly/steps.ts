import { existsSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { upToDateBake } from '../../bake/up-to-date-bake.ts';
import { IngotError } from '../../host/ingot-error.ts';
import { sha256File } from '../../host/sha256-file.ts';
import { changeCells, lockSizeText } from '../../inputs/lock/lock-diff.ts';
import { lockFileOf, readLock } from '../../inputs/lock-file-of.ts';
import { lockSpec } from '../../inputs/lock-spec.ts';
import { readPlan } from '../../inputs/read-plan.ts';
import { allRoles } from '../../inputs/roles.ts';
import { type Night, type NightFacts, nightFactsOf } from '../../nightly/night.ts';
import type { NightStep, StepOutcome } from '../../nightly/run-steps.ts';
import { latestVersion } from '../../store/latest-version.ts';
import { storedVersion } from '../../store/stored-version.ts';
import { verifyVersion } from '../../version/verify-version.ts';
import { withProgress } from '../progress/progress.ts';
import { cacheOf } from '../shared/cache-of.ts';
import { fetchSpecLayers } from '../shared/fetch-spec-layers.ts';
import { poolOf } from '../shared/pool-of.ts';
import { bakeStep } from './bake-step.ts';
import { diffStep } from './diff-step.ts';
import { imagesOf, keyOfValues, type NightWork } from './night-work.ts';
import { publishToChannel } from './publish-to-channel.ts';
import { rehearseStep } from './rehearse-step.ts';

async function updateLock(
  { world, input, out, folder }: NightWork,
  earlier: readonly Night[],
): Promise<StepOutcome> {
  const { host, stream, signal } = world;
  const layers = await fetchSpecLayers(
    world,
    { spec: input.spec, pool: input.pool, update: 'all', quiet: input.quiet },
    await readLock(input.spec),
  );
  const pool = () => poolOf(world, input.pool);
  const { plan, credentials, lock } = await readPlan(host, input.spec, { pool, layers });
  const file = lockFileOf(input.spec);
  if (lock !== undefined) await copyFile(file, join(folder, 'before.lock.json'));
  const before = await versionsBefore(out, earlier);
  const result = await withProgress({ stream, quiet: input.quiet, now: () => host.now() }, (progress) =>
    progress.stage('lock', (stage) =>
      lockSpec(host, {
        ...{ plan, credentials, layers, signal, update: 'all', keepSame: true },
        specFile: input.spec,
        pool: pool(),
        onLine: (line) => {
          stage.note(line);
        },
      }),
    ),
  );
  await copyFile(file, join(folder, 'after.lock.json'));
  const { changes, written } = result;
  const state = !written
    ? 'no package changed'
    : lock === undefined
      ? 'the first lock'
      : `${changes.length} changes`;
  return {
    says: [`${state}: ${lockSizeText(result.lock)}`],
    facts: {
      lockSha256: await sha256File(file),
      // In a first lock every package is new, so changes are not shown.
      packages: lock === undefined ? [] : changes.map(changeCells),
      before,
    },
  };
}

/** The versions to compare with: those that the last night published, else the latest ones of the store. */
async function versionsBefore(
  out: string,
  earlier: readonly Night[],
): Promise<NonNullable<NightFacts['before']>> {
  const last = lastPublished(earlier);
  const published = last === undefined ? [] : imagesOf(nightFactsOf(last));
  const found = await Promise.all(
    allRoles.map(async (role) => {
      const name = published.find((one) => one.role === role)?.version;
      const stored = name === undefined ? undefined : await storedVersion(out, role, name);
      const version = stored ?? (await latestVersion(out, role));
      return version === undefined ? [] : [{ role, version: version.version }];
    }),
  );
  return found.flat();
}

/** The night that published last. */
const lastPublished = (earlier: readonly Night[]): Night | undefined =>
  earlier.find(({ result }) => result === 'published');

/** Fixes every package; in a night that was killed after that, the lock stays as it is. */
const lockStep = (work: NightWork, night: Night, earlier: readonly Night[]): NightStep => ({
  name: 'lock',
  key: () => keyOfValues(night.name),
  holds: async ({ lockSha256 }) => {
    const file = lockFileOf(work.input.spec);
    return existsSync(file) && (await sha256File(file)) === lockSha256;
  },
  run: () => updateLock(work, earlier),
});

/** Ends the night if the store has what would be baked, and an earlier night has published exactly that. */
const changesStep = (work: NightWork, earlier: readonly Night[]): NightStep => ({
  name: 'changes',
  run: async () => {
    const { world, input, out } = work;
    const read = await readPlan(world.host, input.spec, {
      remember: cacheOf(world, input).own,
      pool: () => poolOf(world, input.pool),
    });
    const stored = await upToDateBake({ read, specFile: input.spec, roles: allRoles, out });
    if (stored === undefined) return { says: ['there is something to bake'] };
    const last = lastPublished(earlier);
    const { images = [], channel } = last === undefined ? {} : nightFactsOf(last);
    const published = stored.images.every(({ role, version }) =>
      images.some((one) => one.role === role && one.version === version),
    );
    const names = stored.images.map(({ role, version }) => `${role} ${version}`).join(', ');
    if (!published || channel !== input.channel)
      return { says: [`the store has ${names}, which no night has published to ${input.channel}`] };
    return {
      says: [`nothing changed: ${names}, published to ${input.channel} by ${last?.name ?? ''}`],
      facts: { images: stored.images.map((image) => ({ ...image, published: false })) },
      ends: true,
    };
  },
});

const verifyStep = ({ world, signer }: NightWork): NightStep => ({
  name: 'verify',
  run: async (facts) => {
    const { host, signal } = world;
    const says: string[] = [];
    for (const { role, folder } of imagesOf(facts)) {
      const report = await verifyVersion(host, folder, { keys: [signer.publicKey], signal });
      if (report.problems.length > 0)
        throw new IngotError({
          code: 'damaged-version',
          message: `${folder}: refused, because`,
          excerpt: report.problems.map(({ file, why }) => `${file} ${why}`),
          hint: 'remove this version from the store and bake it again',
        });
      says.push(`${role}: ${report.files} files are as key ${signer.keyId.slice(0, 16)} signed them`);
    }
    return { says };
  },
});

const publishStep = (work: NightWork): NightStep => ({
  name: 'publish',
  run: async (facts) => {
    const { world, input, out, signer } = work;
    const { channel } = input;
    const says = await publishToChannel(world, { out, channel, signer, images: imagesOf(facts) });
    return { says, facts: { channel } };
  },
});

/** The steps of a night, in their order. */
export function stepsOf(work: NightWork, night: Night, earlier: readonly Night[]): readonly NightStep[] {
  return [
    lockStep(work, night, earlier),
    changesStep(work, earlier),
    bakeStep(work),
    verifyStep(work),
    rehearseStep(work),
    diffStep(work),
    publishStep(work),
  ];
}
