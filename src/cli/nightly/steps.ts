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
import type { Night, NightFacts } from '../../nightly/night.ts';
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
import { currentPointer, pointsTo, publishToChannel } from './publish-to-channel.ts';
import { rehearseStep } from './rehearse-step.ts';

async function updateLock(work: NightWork): Promise<StepOutcome> {
  const { world, input, folder } = work;
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
  const before = await versionsBefore(work);
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

/** The versions to compare with: those that the channel points to, else the latest ones of the store. */
async function versionsBefore(work: NightWork): Promise<NonNullable<NightFacts['before']>> {
  const pointer = await currentPointer(work);
  const found = await Promise.all(
    allRoles.map(async (role) => {
      const name = pointer?.versions[role]?.version;
      const stored = name === undefined ? undefined : await storedVersion(work.out, role, name);
      const before = stored ?? (await latestVersion(work.out, role));
      return before === undefined ? [] : [{ role, version: before.version }];
    }),
  );
  return found.flat();
}

/** Fixes every package; in a night that was killed after that, the lock stays as it is. */
const lockStep = (work: NightWork, night: Night): NightStep => ({
  name: 'lock',
  key: () => keyOfValues(night.name),
  holds: async ({ lockSha256 }) => {
    const file = lockFileOf(work.input.spec);
    return existsSync(file) && (await sha256File(file)) === lockSha256;
  },
  run: () => updateLock(work),
});

/** Ends the night if the store has what would be baked, and the channel points to exactly that. */
const changesStep = (work: NightWork): NightStep => ({
  name: 'changes',
  run: async () => {
    const { world, input, out } = work;
    const read = await readPlan(world.host, input.spec, {
      remember: cacheOf(world, input).own,
      pool: () => poolOf(world, input.pool),
    });
    const stored = await upToDateBake({ read, specFile: input.spec, roles: allRoles, out });
    if (stored === undefined) return { says: ['there is something to bake'] };
    const images = stored.images.map((image) => ({ ...image, published: false }));
    const names = images.map(({ role, version }) => `${role} ${version}`).join(', ');
    if (!pointsTo(await currentPointer(work), images, world.host.now()))
      return { says: [`the store has ${names}; ${input.channel} has to point to them`] };
    return {
      says: [`nothing changed: ${input.channel} points to ${names}`],
      facts: { images, channel: input.channel },
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
    const says = await publishToChannel(work, facts);
    return { says, facts: { channel: work.input.channel } };
  },
});

/** The steps of a night, in their order. */
export function stepsOf(work: NightWork, night: Night): readonly NightStep[] {
  return [
    lockStep(work, night),
    changesStep(work),
    bakeStep(work),
    verifyStep(work),
    rehearseStep(work),
    diffStep(work),
    publishStep(work),
  ];
}
