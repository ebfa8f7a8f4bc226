import type { KeyObject } from 'node:crypto';
import { dirname, join } from 'node:path';
import { peekRevocations } from '../channel/peek-channel.ts';
import { revocationOf } from '../channel/revocation-list.ts';
import type { Host } from '../host/host.ts';
import { IngotError } from '../host/ingot-error.ts';
import type { ProgressStage } from '../host/progress-stage.ts';
import type { Role } from '../inputs/plan/plan.ts';
import { checkConsistency } from '../version/check-consistency.ts';
import { checkSums, type FileProblem } from '../version/check-sums.ts';
import { refuseDevVersion } from '../version/dev-version.ts';
import { requireBootRecord } from '../version/read-boot-record.ts';
import { checkSigstore } from '../version/sigstore/check-sigstore.ts';
import { smallFile } from '../version/small-file.ts';
import { parseSums, sumsName } from '../version/sums.ts';
import { verifyVersion } from '../version/verify-version.ts';

/** A version that may be published: its files are as its SHA256SUMS says, and belong to one image. */
export interface AdmittedVersion {
  readonly role: Role;
  readonly version: string;
  /** Absolute path, not a link. */
  readonly folder: string;
  /** Whether the image contains stand-ins, or does not say that it has none. */
  readonly standIns: boolean;
  /** dm-verity root hash, hexadecimal. */
  readonly rootHash: string;
  /** Ids of the given keys that signed it; empty if it was admitted without a key. */
  readonly signedBy: readonly string[];
  /** The bytes of SHA256SUMS with which the files were compared. */
  readonly sums: Uint8Array;
  /** Path of each listed file, relative to the folder → SHA-256 in hexadecimal. */
  readonly digests: ReadonlyMap<string, string>;
}

export interface AdmissionRequest {
  /** Absolute paths of version folders, not links. */
  readonly folders: readonly string[];
  /** Public keys; the signature of one of them is enough. */
  readonly keys: readonly KeyObject[];
  readonly allow: {
    /** Versions whose signature is not checked, because there is no key. */
    readonly unverified: boolean;
    readonly standIns: boolean;
  };
  readonly signal?: AbortSignal;
  /** Shows each version while its files are read. */
  readonly progress?: ProgressStage | undefined;
}

/** What a check of the files found. */
interface Checked {
  readonly problems: readonly FileProblem[];
  readonly signedBy: readonly string[];
}

/** Compares the files with the folder's own list; nobody's signature is checked. */
async function checkUnsigned(
  host: Host,
  folder: string,
  onFile: (path: string) => void,
  signal: AbortSignal | undefined,
): Promise<Checked> {
  const { problems, digests } = await checkSums(folder, { onFile });
  const reported = new Set(problems.map(({ file }) => file));
  if (reported.has(sumsName)) return { problems, signedBy: [] };
  const more = await checkConsistency(host, {
    ...{ folder, digests, reported },
    ...(signal === undefined ? {} : { signal }),
  });
  return { problems: [...problems, ...more.problems], signedBy: [] };
}

function damaged(folder: string, problems: readonly FileProblem[]): IngotError {
  return new IngotError({
    code: 'damaged-version',
    message: `${folder}: not published, because`,
    excerpt: problems.map(({ file, why }) => (file === '' ? `it ${why}` : `${file} ${why}`)),
    hint: 'check that the key is the right one; if it is, bake the version again, or copy it again from its origin',
  });
}

async function admitOne(host: Host, folder: string, request: AdmissionRequest, note: (line: string) => void) {
  const { keys, signal } = request;
  const onFile = (path: string): void => {
    signal?.throwIfAborted();
    note(path);
  };
  const boot = await requireBootRecord(folder);
  const { problems, signedBy }: Checked =
    keys.length > 0
      ? await verifyVersion(host, folder, { keys, onFile, ...(signal === undefined ? {} : { signal }) })
      : await checkUnsigned(host, folder, onFile, signal);
  if (problems.length > 0) throw damaged(folder, problems);
  const { problems: ofBundles } = await checkSigstore(folder, []);
  if (ofBundles.length > 0) throw damaged(folder, ofBundles);
  const sums = await smallFile(join(folder, sumsName));
  const digests = sums && parseSums(sums.toString());
  if (sums === undefined || digests === undefined)
    throw damaged(folder, [{ file: sumsName, why: 'was altered while it was read' }]);
  const { role, version, rootHash } = boot;
  const standIns = boot.schema === 1 || !boot.production;
  return { role, version, folder, standIns, rootHash, signedBy, sums, digests };
}

function notPublishable(message: string, hint: string): IngotError {
  return new IngotError({ code: 'not-publishable', message, hint });
}

/**
 * Refuses a version that the store of its folder lists as revoked. The signature of the list does not matter here: a
 * list that somebody planted only stops a publication.
 */
async function refuseRevoked(
  folder: string,
  { role, version, rootHash }: Pick<AdmittedVersion, 'role' | 'version' | 'rootHash'>,
): Promise<void> {
  const out = dirname(dirname(folder));
  const list = await peekRevocations(out);
  if (typeof list === 'string')
    throw notPublishable(
      `whether ${folder} was revoked is not known: ${list}`,
      'restore that file from a copy of the store',
    );
  const found = revocationOf(list?.revoked ?? [], { role, version, rootHash });
  if (found === undefined) return;
  throw notPublishable(
    `${folder} was revoked on ${found.on}: ${found.why}`,
    `publish another version; ingot list --out ${out} shows which there are`,
  );
}

/** What is forbidden without reading more than boot.json; the large files are not read in vain. */
async function refuseEarly({ folders, keys, allow }: AdmissionRequest): Promise<void> {
  const roles = new Map<string, string>();
  for (const folder of folders) {
    await refuseDevVersion(folder);
    const boot = await requireBootRecord(folder);
    const other = roles.get(boot.role);
    if (other !== undefined)
      throw notPublishable(
        `${other} and ${folder} are both a ${boot.role}`,
        'publish one version of each role at a time',
      );
    roles.set(boot.role, folder);
    await refuseRevoked(folder, boot);
    if (keys.length === 0 && !allow.unverified)
      throw notPublishable(
        `${folder} is not verified`,
        'name the public key that has signed it: --key FILE; to publish it without that: --allow-unverified',
      );
    if ((boot.schema === 1 || !boot.production) && !allow.standIns)
      throw notPublishable(
        boot.schema === 1
          ? `${folder} does not say whether it has stand-ins`
          : `${folder} contains stand-ins, which are not for production`,
        'bake an image without stand-ins (docs/spec.md); to publish this one: --allow-stand-ins',
      );
  }
}

/**
 * Decides whether versions may be published: verified with a key, or explicitly allowed without; without stand-ins, or
 * explicitly allowed with; at most one of each role. All files are read as streams.
 * @returns the versions in the order of the folders
 * @throws IngotError not-publishable, with the flag that would allow it; damaged-version if a file or a signature is
 *   wrong, which no flag allows; not-a-version for another folder
 */
export async function admitVersions(host: Host, request: AdmissionRequest): Promise<AdmittedVersion[]> {
  await refuseEarly(request);
  const admitted: AdmittedVersion[] = [];
  for (const folder of request.folders) {
    const { role, version } = await requireBootRecord(folder);
    const { progress } = request;
    admitted.push(
      progress === undefined
        ? await admitOne(host, folder, request, () => undefined)
        : await progress.stage(`verify ${role} ${version}`, (stage) =>
            admitOne(host, folder, request, stage.note),
          ),
    );
  }
  return admitted;
}
