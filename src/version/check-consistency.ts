import { join } from 'node:path';
import type { Host } from '../host/host.ts';
import { allTargets } from '../inputs/targets/all-targets.ts';
import { linksOf } from '../inputs/targets/target-files.ts';
import { bootRecordName } from './boot-record.ts';
import type { FileProblem } from './check-sums.ts';
import { readBootRecord } from './read-boot-record.ts';
import type { FileDigest } from './read-digests.ts';
import { recordFiles } from './record-files.ts';
import { bomName } from './sbom/bom.ts';
import { hasRootHash } from './verity.ts';
import { contradictions, identityOf, nameProblems } from './version-identity.ts';

/** The files that every version has, whatever its targets are. */
export const requiredFiles: readonly string[] = [
  ...['manifest.json', bootRecordName, 'slot.cfg', 'root.squashfs', 'root.verity', 'vmlinuz', 'initrd.img'],
  ...[recordFiles.checks, recordFiles.provenance, bomName],
];

/** What the files of a version state together; a field is undefined if one of the files for it is not trustworthy. */
export interface VersionIdentity {
  readonly role?: string | undefined;
  readonly version?: string | undefined;
  readonly rootHash?: string | undefined;
  readonly problems: readonly FileProblem[];
}

export interface ConsistencyOptions {
  /** Absolute path, not a link. */
  readonly folder: string;
  /** The folder whose name is checked, if `folder` holds copies of its files. */
  readonly named?: string;
  /** Digests of the files that match the list; other files are ignored. */
  readonly digests: ReadonlyMap<string, FileDigest>;
  /** Files that are known to be wrong or missing; they are not reported again. */
  readonly reported: ReadonlySet<string>;
  readonly signal?: AbortSignal;
}

/** Checks whether the files of a version folder belong to the same image. Reads the root and its hash tree once. */
export async function checkConsistency(
  host: Host,
  { folder, named = folder, digests, reported, signal }: ConsistencyOptions,
): Promise<VersionIdentity> {
  const problems: FileProblem[] = [];
  const has = (file: string): boolean => digests.has(file) && !reported.has(file);
  const say = (file: string, why: string): void => void problems.push({ file, why });
  for (const file of requiredFiles)
    if (!digests.has(file) && !reported.has(file)) say(file, 'is missing: every version needs it');

  const manifest = has('manifest.json') ? digests.get('manifest.json') : undefined;
  const identity = manifest && (await identityOf(folder, manifest.sha256));
  if (manifest !== undefined && identity === undefined) say('manifest.json', 'is not a manifest of ingot');
  const boot = has(bootRecordName) ? await readBootRecord(folder) : undefined;
  if (has(bootRecordName) && boot === undefined) say(bootRecordName, 'is not understood');

  if (identity !== undefined) {
    problems.push(...nameProblems(named, identity));
    if (boot !== undefined) problems.push(...(await contradictions(folder, identity, boot, has)));
    const sealed = { vmlinuz: identity.kernel, 'initrd.img': identity.initrd };
    for (const [file, sha256] of Object.entries(sealed))
      if (has(file) && digests.get(file)?.sha256 !== sha256)
        say(file, 'is not the one that the manifest names');
  }
  for (const [file, of] of Object.entries(linksOf(allTargets)))
    if (has(file) && has(of) && digests.get(file)?.sha256 !== digests.get(of)?.sha256)
      say(file, `is not the same as ${of}`);
  if (boot !== undefined && has('root.squashfs')) {
    if (digests.get('root.squashfs')?.size !== boot.rootBytes)
      say('root.squashfs', `does not have the ${boot.rootBytes} bytes that ${bootRecordName} states`);
    const [data, hashTree] = [join(folder, 'root.squashfs'), join(folder, 'root.verity')];
    const { rootHash } = boot;
    if (has('root.verity') && !(await hasRootHash(host, { data, hashTree, rootHash }, signal)))
      say('root.squashfs', `does not have the root hash ${boot.rootHash} with root.verity`);
  }
  const { role, version } = identity ?? {};
  return { role, version, rootHash: boot?.rootHash, problems };
}
