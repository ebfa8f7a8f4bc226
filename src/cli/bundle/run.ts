import { copyFile, realpath } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { bundlePlaces, type BundleRecord } from '../../air-gap/bundle-record.ts';
import {
  type CarriedFile,
  carriedFolder,
  carriedPool,
  carriedVersions,
} from '../../air-gap/carried-files.ts';
import { carriedTools } from '../../air-gap/carried-tools.ts';
import { writeAirGap } from '../../air-gap/write-air-gap.ts';
import { exitCodes, IngotError } from '../../host/ingot-error.ts';
import { projectFolder } from '../../host/project-folder.ts';
import { withTemporaryFolder } from '../../host/with-temporary-folder.ts';
import type { Lock } from '../../inputs/lock/lock.ts';
import { lockFileOf, readLock } from '../../inputs/lock-file-of.ts';
import { toolVersion } from '../../inputs/plan/tool-version.ts';
import { readPlan } from '../../inputs/read-plan.ts';
import { allRoles } from '../../inputs/roles.ts';
import { type AdmittedVersion, admitVersions } from '../../publish/admit.ts';
import { namedVersions } from '../../store/named-versions.ts';
import { publicKey, signingVariable } from '../../version/key-files.ts';
import { readBootRecord } from '../../version/read-boot-record.ts';
import { withProgress } from '../progress/progress.ts';
import { type Stage } from '../progress/stage.ts';
import type { bundleShape } from '../shapes/bundle-shapes.ts';
import { jsonText } from '../shared/json-text.ts';
import { poolOf } from '../shared/pool-of.ts';
import { signerOf } from '../shared/signer-of.ts';
import type { World } from '../world.ts';
import type { BundleInput } from './options.ts';

async function requireLock(spec: string): Promise<Lock> {
  const lock = await readLock(spec);
  if (lock !== undefined) return lock;
  throw new IngotError({
    code: 'wrong-lock',
    message: `${lockFileOf(spec)} is not there`,
    hint: `run: ingot lock ${spec}`,
  });
}

/** @throws IngotError wrong-lock if a version was baked from another lock, so that its packages would be missing */
async function requireOwnLock(versions: readonly AdmittedVersion[], lock: Lock): Promise<void> {
  for (const { role, version, folder } of versions) {
    const boot = await readBootRecord(folder);
    if (boot?.schema === 2 && Date.parse(boot.date) !== Date.parse(lock.date))
      throw new IngotError({
        code: 'wrong-lock',
        message: `${role} ${version} was baked from a lock of ${boot.date}, and the lock here is of ${lock.date}`,
        hint: 'bake with this lock, or name the versions that belong to it: --versions master=VERSION,slave=VERSION',
      });
  }
}

async function signerFor(world: World, input: BundleInput) {
  const signer = await signerOf(world, input);
  if (signer !== undefined) return signer;
  throw new IngotError({
    code: 'wrong-key',
    message: 'there is no key to sign the bundle with',
    hint: `name one with --sign FILE, or put its text into ${signingVariable}; ingot keygen creates one`,
  });
}

/** Verifies and lists everything, and writes the bundle. */
async function makeBundle(world: World, input: BundleInput, progress: Stage) {
  const { host, cwd, signal } = world;
  const out = resolve(cwd, input.out);
  const signer = await signerFor(world, input);
  const { plan } = await readPlan(host, input.spec);
  const lock = await requireLock(input.spec);
  const named = await namedVersions(input.versions, out, cwd);
  const keys = await Promise.all((input.key ?? []).map((file) => publicKey(resolve(cwd, file))));
  const versions = await admitVersions(host, {
    folders: allRoles.map((role) => named[role].folder),
    keys: input.allowUnverified ? [] : keys.length > 0 ? keys : [signer.publicKey],
    allow: { unverified: input.allowUnverified, standIns: input.allowStandIns },
    ...{ signal, progress },
  });
  await requireOwnLock(versions, lock);
  const pool = await progress.stage('read the packages', () =>
    carriedPool(lock, poolOf(world, input.pool), signal),
  );
  return withTemporaryFolder(async (work) => {
    const node = input.node ? await realpath(process.execPath) : undefined;
    const tools = await progress.stage('pack ingot', () =>
      carriedTools(host, { project: projectFolder, node, work, signal }),
    );
    const lockFile = join(work, basename(bundlePlaces.lock));
    await copyFile(lockFileOf(input.spec), lockFile);
    const files: CarriedFile[] = [
      ...(await carriedVersions(versions)),
      { path: bundlePlaces.lock, file: lockFile },
      ...pool,
      ...tools,
      ...(await carriedFolder(join(projectFolder, 'docs'), bundlePlaces.docs)).filter(({ path }) =>
        /^docs\/[^/]*\.md$/.test(path),
      ),
    ];
    const record: BundleRecord = {
      ...{ schema: 1, ingot: toolVersion, cluster: plan.cluster, packages: pool.length },
      created: new Date(host.now()).toISOString(),
      versions: versions.map(({ role, version, rootHash, standIns }) => ({
        role,
        version,
        rootHash,
        standIns,
      })),
    };
    const into = resolve(cwd, input.file);
    const written = await progress.stage('write the bundle', (stage) =>
      writeAirGap(host, {
        ...{ files, record, signer, into, signal },
        onFile: (path) => {
          stage.note(path);
        },
      }),
    );
    return { record, into, written };
  });
}

/** ingot bundle: writes one signed file with everything that a site without a network needs; prints its path. */
export async function bundle(world: World, input: BundleInput): Promise<number> {
  const { host, stream } = world;
  const { record, into, written } = await withProgress(
    { stream, quiet: input.quiet, now: () => host.now() },
    (progress) => makeBundle(world, input, progress),
  );
  if (!input.quiet) {
    const names = record.versions.map(({ role, version }) => `${role} ${version}`).join(', ');
    world.err(`${input.file}: ${names}, ${record.packages} packages, ${written.files} files\n`);
  }
  world.out(
    input.json ? jsonText<typeof bundleShape>({ ...record, file: into, files: written.files }) : `${into}\n`,
  );
  return exitCodes.done;
}
