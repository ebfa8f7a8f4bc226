import type { KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChannelName } from '../../channel/channel-names.ts';
import { requireSpace } from '../../host/free-space.ts';
import type { Host } from '../../host/host.ts';
import { IngotError } from '../../host/ingot-error.ts';
import { isOwnFolder } from '../../host/own-folder.ts';
import type { ProgressStage } from '../../host/progress-stage.ts';
import type { Role } from '../../inputs/plan/plan.ts';
import { allRoles } from '../../inputs/roles.ts';
import { parseRegistryAddress, registryAddressText } from '../../oci/address.ts';
import { openRegistry, type Registry, type RetryPolicy } from '../../oci/registry.ts';
import { latestVersion, requireLatestLink } from '../../store/latest-version.ts';
import { type Candidate, promote } from '../../store/promote.ts';
import { noImage } from '../../store/require-version.ts';
import { versionFolder } from '../../store/stored-version.ts';
import { readBootRecord } from '../../version/read-boot-record.ts';
import { rehearsalsFolder } from '../../version/rehearsal/rehearsals.ts';
import { verifyVersion } from '../../version/verify-version.ts';
import { isVersionName } from '../../version/version-name.ts';
import { acceptRegistryChannels, type RegistryChannels, requireNotRevoked } from './accept-channels.ts';
import { findOfferedVersions, type OfferedVersion } from './find-versions.ts';
import { writePulledBundles } from './pulled-bundles.ts';
import { readVerifiedList, type VerifiedList } from './pulled-documents.ts';
import { versionTag } from './registry-channels.ts';
import { asNoSpace, stageVersion } from './stage-version.ts';

export interface PullRequest {
  /** oci://HOST/REPOSITORY[:TAG], as the user wrote it. */
  readonly from: string;
  /** Absolute path of the store; it may not exist yet. */
  readonly out: string;
  /** Public keys; the signature of one of them is enough. At least one. */
  readonly keys: readonly KeyObject[];
  /** Only this role. */
  readonly role: Role | undefined;
  /** Whether a version that is older than the store's latest may become the latest. */
  readonly allowOlder: boolean;
  /** Only what this channel names, by its verified pointer. */
  readonly channel?: ChannelName | undefined;
  /** Absolute folder of what this user's ingot remembers of the channels that it has read. */
  readonly memory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly progress: ProgressStage;
  readonly signal: AbortSignal;
}

/** A version that is in the store now. */
export interface PulledVersion {
  readonly role: Role;
  readonly version: string;
  /** Absolute. */
  readonly folder: string;
  readonly rootHash: string;
  /** Ids of the given keys that signed it. */
  readonly signedBy: readonly string[];
}

/** A folder next to the versions of a role in which a version is put together. */
const pulledFolder = (roleFolder: string, version: string): string =>
  join(roleFolder, `.${version}.pulled-${process.pid}`);

/** Removes what a pull that was killed has left. */
async function removeLeftovers(roleFolder: string): Promise<void> {
  for (const name of await readdir(roleFolder)) {
    const [, version = '', pid = ''] = /^\.(.+?)(?:\.signatures)?\.pulled-(\d+)$/.exec(name) ?? [];
    const alive = Number(pid) !== process.pid && existsSync(`/proc/${pid}`);
    if (isVersionName(version) && !alive && (await isOwnFolder(join(roleFolder, name))))
      await rm(join(roleFolder, name), { recursive: true, force: true });
  }
}

interface StagedVersion extends Candidate {
  readonly list: VerifiedList;
  readonly pulled: PulledVersion;
}

/** Refuses to make an older version the latest: the tag of a registry does not prove what is newest. */
async function refuseOlder(
  { out, allowOlder }: PullRequest,
  { role, version, staged }: Candidate,
): Promise<void> {
  const latest = await latestVersion(out, role);
  const [there, here] = [latest && (await readBootRecord(latest.folder)), await readBootRecord(staged)];
  if (allowOlder || there?.schema !== 2 || here?.schema !== 2) return;
  if (Date.parse(here.date) >= Date.parse(there.date)) return;
  throw new IngotError({
    code: 'not-publishable',
    message: `${role} ${version} (${here.date}) is older than the latest of the store, ${there.version} (${there.date})`,
    hint: 'somebody may have moved the tag back; to make the older one the latest all the same: --allow-older',
  });
}

async function stageOne(
  host: Host,
  registry: Registry,
  { pointed, ...offered }: ChosenVersion,
  { channels, ...request }: PullRequest & { readonly channels: RegistryChannels },
): Promise<StagedVersion> {
  const { keys, out, progress, signal } = request;
  const { role, version } = offered;
  requireNotRevoked(channels, { role, version });
  const list = await readVerifiedList(registry, offered, keys);
  const roleFolder = join(out, role);
  await requireLatestLink(out, role);
  await mkdir(roleFolder, { recursive: true });
  await removeLeftovers(roleFolder);
  const bytes = new Map(list.files.map(({ sha256, size }) => [sha256, size]));
  await requireSpace(
    roleFolder,
    [...bytes.values()].reduce((sum, size) => sum + size, 0),
  );
  const staged = pulledFolder(roleFolder, version);
  await mkdir(staged);
  try {
    const folder = versionFolder(out, role, version);
    await progress.stage(`pull ${role} ${version}`, (stage) =>
      stageVersion(registry, list, { folder: staged, existing: folder }, stage),
    );
    const report = await progress.stage(`verify ${role} ${version}`, (stage) =>
      verifyVersion(host, staged, { keys, signal, onFile: stage.note }),
    );
    const { problems, signedBy, rootHash = '' } = report;
    requireNotRevoked(channels, { role, version, rootHash });
    const other =
      report.role !== role || report.version !== version || (pointed !== undefined && pointed !== rootHash);
    if (problems.length > 0 || other)
      throw new IngotError({
        code: 'damaged-version',
        message: `${registry.address.host}: ${role} ${version} is refused, because`,
        excerpt: [
          ...problems.map(({ file, why }) => `${file} ${why}`),
          ...(other ? [`${role} ${version} was named, and its files are another version`] : []),
        ],
        hint: 'ask those who publish to publish the version again',
      });
    await refuseOlder(request, { role, version, staged });
    return { role, version, staged, list, pulled: { role, version, folder, rootHash, signedBy } };
  } catch (error) {
    await rm(staged, { recursive: true, force: true });
    throw asNoSpace(error, out);
  }
}

/** Writes statements next to a version; what is there stays. */
async function writeRehearsals({ list, pulled: { folder } }: StagedVersion): Promise<void> {
  if (list.rehearsals.size === 0) return;
  await mkdir(rehearsalsFolder(folder), { recursive: true });
  for (const [name, bytes] of list.rehearsals)
    await writeFile(join(rehearsalsFolder(folder), name), bytes, { flag: 'wx' }).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    });
}

/** A version to pull. */
interface ChosenVersion extends OfferedVersion {
  /** The root hash that a pointer names; undefined if none led to it. */
  readonly pointed?: string;
}

/** The versions that the address leads to, or those that the pointer of a channel names. */
async function chosenVersions(
  registry: Registry,
  role: Role | undefined,
  { pointer }: RegistryChannels,
): Promise<readonly ChosenVersion[]> {
  if (pointer === undefined) return findOfferedVersions(registry, role);
  const chosen: ChosenVersion[] = [];
  for (const wanted of allRoles) {
    const named = pointer.versions[wanted];
    if (named === undefined || (role !== undefined && role !== wanted)) continue;
    const tag = versionTag({ role: wanted, version: named.version });
    const at = { ...registry, address: { ...registry.address, tag, digest: undefined } };
    const [found] = await findOfferedVersions(at, wanted);
    if (found !== undefined) chosen.push({ ...found, ...named, pointed: named.rootHash });
  }
  if (chosen.length > 0) return chosen;
  throw noImage({
    out: registryAddressText(registry.address),
    because: `${pointer.channel} names no version${role === undefined ? '' : ` of a ${role}`}`,
    hint: `ingot promote VERSION ${pointer.channel}, then ingot publish`,
  });
}

async function pullAll(host: Host, registry: Registry, request: PullRequest): Promise<PulledVersion[]> {
  const staged: StagedVersion[] = [];
  try {
    const { memory, keys, channel } = request;
    const channels = await acceptRegistryChannels(registry, { host, memory, keys }, channel);
    for (const chosen of await chosenVersions(registry, request.role, channels))
      staged.push(await stageOne(host, registry, chosen, { ...request, channels }));
    await promote(staged, request.out);
    for (const one of staged) {
      await writeRehearsals(one);
      const version = { folder: one.pulled.folder, sums: one.list.sums, keys };
      await writePulledBundles(version, one.list.bundles, (why) => host.warn?.(why));
    }
    return staged.map(({ pulled }) => pulled);
  } catch (error) {
    throw asNoSpace(error, request.out);
  } finally {
    for (const one of staged) await rm(one.staged, { recursive: true, force: true });
  }
}

/**
 * Brings versions from a registry into a store. The signature is verified before anything large is read, and everything
 * before anything appears in the store: all versions, or none.
 * @param retries for tests
 * @returns the versions, whose folders are complete
 * @throws IngotError damaged-version, registry-failed, wrong-credentials, no-space, no-image: the store is unchanged
 */
export async function pullFromRegistry(
  host: Host,
  request: PullRequest,
  retries?: RetryPolicy,
): Promise<PulledVersion[]> {
  const registry = await openRegistry(host, parseRegistryAddress(request.from), {
    ...{ env: request.env, signal: request.signal, actions: 'pull' as const },
    ...(retries === undefined ? {} : { retries }),
  });
  try {
    return await pullAll(host, registry, request);
  } finally {
    registry.close();
  }
}
