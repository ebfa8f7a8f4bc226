import { basename, dirname, join } from 'node:path';
import { IngotError } from '../host/ingot-error.ts';
import { allRoles } from '../inputs/plan/plan.ts';
import { allTargets } from '../inputs/targets/all-targets.ts';
import { textsWithRootHash } from '../inputs/targets/target-files.ts';
import { type BootRecord, bootRecordName } from './boot-record.ts';
import type { FileProblem } from './check-sums.ts';
import { readChecksRecord } from './checks-record.ts';
import { readManifestHead } from './read-manifest.ts';
import { smallFile } from './small-file.ts';
import { isVersionName, versionOf } from './version-name.ts';

/** The identity of a version according to its manifest, whose digest is part of it. */
export interface Identity {
  readonly version: string;
  readonly role: string;
  /** The lock's date in the manifest's format. */
  readonly date: string;
  /** SHA-256 of the kernel and of the initrd that were sealed with the root. */
  readonly kernel: string | undefined;
  readonly initrd: string | undefined;
}

/**
 * Reads the identity of a version from its manifest.
 * @param sha256 the manifest's own digest
 * @returns undefined if the file is not a manifest
 */
export async function identityOf(folder: string, sha256: string): Promise<Identity | undefined> {
  const head = await readManifestHead(join(folder, 'manifest.json')).catch((error: unknown) => {
    if (error instanceof IngotError) return undefined;
    throw error;
  });
  const epoch = Date.parse(head?.get('date') ?? '') / 1000;
  if (head === undefined || Number.isNaN(epoch)) return undefined;
  return {
    version: versionOf(epoch, sha256),
    role: head.get('role') ?? 'nothing',
    date: head.get('date') ?? '',
    kernel: head.get('boot.kernel.sha256'),
    initrd: head.get('boot.initrd.sha256'),
  };
}

/** The texts of a version that pass its root hash to a kernel. */
export const scriptsWithRootHash: readonly string[] = textsWithRootHash(allTargets);

/**
 * Problems with the names of a folder and its parent. A name that looks like a version or a role has to be the right
 * one; any other name is ignored.
 */
export function nameProblems(folder: string, { version, role }: Identity): FileProblem[] {
  const problems: FileProblem[] = [];
  const [name, parent] = [basename(folder), basename(dirname(folder))];
  if (isVersionName(name) && name !== version)
    problems.push({ file: '', why: `has the name of another version: it holds ${version}` });
  const misplaced = allRoles.some((one) => one === parent) && parent !== role;
  if (misplaced) problems.push({ file: '', why: `holds a ${role}, in the folder of a ${parent}` });
  return problems;
}

/** The files of a version whose version, role or root hash differs from the manifest and boot.json. */
export async function contradictions(
  folder: string,
  { version, role, date }: Identity,
  boot: BootRecord,
  has: (file: string) => boolean,
): Promise<FileProblem[]> {
  const problems: FileProblem[] = [];
  const says = (file: string, what: string, found: string | undefined, right: string) => {
    const why =
      found === undefined ? `does not name one ${what}` : `says that the ${what} is ${found}; it is ${right}`;
    if (found !== right) problems.push({ file, why });
  };
  says(bootRecordName, 'version', boot.version, version);
  says(bootRecordName, 'role', boot.role, role);
  if (boot.schema === 2) says(bootRecordName, 'date', boot.date, date);
  const text = async (file: string) => (await smallFile(join(folder, file)))?.toString() ?? '';
  if (has('slot.cfg')) {
    const slot = await text('slot.cfg');
    says('slot.cfg', 'version', /^set ingot_version='?([^'\s]+)'?$/m.exec(slot)?.[1], version);
    says('slot.cfg', 'root hash', rootHashIn(slot), boot.rootHash);
  }
  for (const file of scriptsWithRootHash.filter(has))
    says(file, 'root hash', rootHashIn(await text(file)), boot.rootHash);
  if (has('checks.json')) {
    const checks = await readChecksRecord(folder);
    says('checks.json', 'version', checks?.version, version);
    says('checks.json', 'role', checks?.role, role);
    if (boot.schema === 2) says('checks.json', 'cluster', checks?.cluster, boot.cluster);
  }
  return problems;
}

/** The root hash that a text passes to the kernel; undefined if there is none, or more than one. */
function rootHashIn(text: string): string | undefined {
  const all = [...text.matchAll(/\bingot\.roothash=(\S+?)(?=['\s]|$)/g)].map(([, hash]) => hash);
  return new Set(all).size === 1 ? all[0] : undefined;
}
