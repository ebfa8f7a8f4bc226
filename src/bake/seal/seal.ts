import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../../host/host.ts';
import { IngotError } from '../../host/ingot-error.ts';
import { sha256File } from '../../host/sha256-file.ts';
import type { PlacedFile, Role } from '../../inputs/plan/plan.ts';
import { isResidue, readResidueRules, type ResidueRule } from '../../inputs/residue-rules.ts';
import type { ManifestEntry } from '../../version/manifest.ts';
import { makeHashTree } from '../../version/verity.ts';
import { veritySalt } from '../../version/verity-salt.ts';
import { versionOf } from '../../version/version-name.ts';
import { applyChanges, type TreeChange } from './apply-changes.ts';
import { copyBootFiles } from './boot-files.ts';
import { canonicalTree } from './canonical-tree.ts';
import { listingOf, listingOfLine } from './listing.ts';
import { auditResidue, findResidue, listResidue, removeResidue } from './residue.ts';
import { type RemovedKey, residueSecrets } from './residue-secrets.ts';
import { assertNoFaults, type AuditRecord, auditRoot, type FoundSecrets } from './root-audit.ts';
import { listSquashfs, makeSquashfs } from './squashfs.ts';
import { writeManifest } from './write-manifest.ts';

export interface SealOptions {
  readonly role: Role;
  /** Absolute folder with the composed tree; it is changed in place. */
  readonly tree: string;
  /** Raw file that begins with the tar of the build guest's changes; without it the tree is sealed unchanged. */
  readonly changesDisk?: string;
  /** The spec's files: the finished root is compared with them. */
  readonly files?: readonly PlacedFile[];
  /** Seconds since 1970; no time in the image is later. */
  readonly epoch: number;
  /** Where root.squashfs, root.verity, vmlinuz, initrd.img, manifest.json, changes.json and audit.json are written. */
  readonly outFolder: string;
  /** images/residue.yaml. */
  readonly residueFile: string;
  /** zstd level of the squashfs, 1 to 22. */
  readonly compressionLevel: number;
  /**
   * Returns the text of slot.cfg of a version, with `noRootHash` in place of its root hash: the root hash covers it, as
   * well as the kernel and the initrd.
   */
  readonly slotConfig?: (version: string) => string;
  readonly signal?: AbortSignal;
  /** Receives the seconds that the compression of the root took. */
  readonly onPacked?: (seconds: number) => void;
  /** Receives the private keys of the build that were removed, if there are any. */
  readonly onRemoved?: (keys: readonly RemovedKey[]) => void;
}

/** A sealed root; all paths absolute, digests in hexadecimal SHA-256, sizes in bytes. */
export interface GoldenRoot {
  readonly role: Role;
  /** YYYYMMDD of the epoch and 12 digits of the manifest's digest. */
  readonly version: string;
  readonly epoch: number;
  readonly squashfs: string;
  readonly squashfsSize: number;
  readonly squashfsSha256: string;
  readonly hashTree: string;
  readonly hashTreeSize: number;
  readonly rootHash: string;
  readonly manifestPath: string;
  readonly manifestSha256: string;
  readonly paths: number;
  readonly kernel: string;
  readonly initrd: string;
}

/**
 * Turns an exported tree into a golden root.
 * @throws IngotError wrong-root when residue or a secret is left; `outFolder` is then unusable
 */
export async function seal(
  host: Host,
  options: SealOptions,
  onProgress: (what: string) => void,
): Promise<GoldenRoot> {
  const { role, tree, epoch, outFolder, signal } = options;
  refuseFuture(host, epoch);
  const rules = await readResidueRules(options.residueFile);
  await mkdir(outFolder, { recursive: true });
  const stage = (what: string): void => {
    signal?.throwIfAborted();
    onProgress(what);
  };

  let changes: TreeChange[] = [];
  if (options.changesDisk !== undefined) {
    stage('applying the changes of the guest');
    changes = await applyChanges(host, tree, options.changesDisk);
    // Residue is removed below; its names differ in every bake.
    const lasting = changes.filter(({ path }) => !isResidue(rules, path));
    await writeFile(join(outFolder, 'changes.json'), `${JSON.stringify(lasting, null, 1)}\n`);
  }
  stage('taking kernel and initrd');
  const boot = await copyBootFiles(tree, outFolder);
  stage('removing residue');
  const residue = listResidue(tree, rules);
  // Before anything is removed: a secret that the rules would silently remove is a mistake that must be reported.
  const { removed, faults } = residueSecrets(residue);
  assertNoFaults(faults);
  if (removed.length > 0) options.onRemoved?.(removed);
  await removeResidue(tree, rules, residue);
  stage('making the tree canonical');
  await canonicalTree(tree, epoch);
  assertNoFaults(findResidue(tree, rules));
  const audit = await auditRoot(tree, { rules, files: options.files ?? [], changes });

  stage('writing manifest and squashfs');
  const squashfs = join(outFolder, 'root.squashfs');
  const manifestPath = join(outFolder, 'manifest.json');
  const { compressionLevel: level } = options;
  const failed = new AbortController();
  const either = AbortSignal.any([failed.signal, ...(signal === undefined ? [] : [signal])]);
  const begun = host.now();
  const packing = makeSquashfs(host, tree, squashfs, { epoch, level, signal: either }).then(() => {
    options.onPacked?.((host.now() - begun) / 1000);
  });
  const head = { role, epoch, compressionLevel: level, boot };
  const expected = new Set<string>();
  const see = (entry: ManifestEntry, seen: FoundSecrets): void => {
    audit.see(entry, seen);
    expected.add(listingOf(entry));
  };
  const describing = writeManifest(host, tree, { head, file: manifestPath, see, signal: either }).then(
    (written) => {
      // Here, so that the compression stops when there is a fault.
      assertNoFaults(audit.faults());
      return written;
    },
  );
  // When one fails the other is stopped and awaited, so that nothing still works in a folder that is being removed.
  for (const work of [packing, describing])
    void work.catch((error: unknown) => {
      failed.abort(error);
    });
  await Promise.allSettled([packing, describing]);
  failed.signal.throwIfAborted();
  const manifest = await describing;

  stage('reading the squashfs back, hashing its blocks');
  const squashfsSha256 = await sha256File(squashfs);
  const hashTree = join(outFolder, 'root.verity');
  const version = versionOf(epoch, manifest.sha256);
  const slotConfig = options.slotConfig?.(version);
  const salt =
    slotConfig === undefined
      ? undefined
      : veritySalt({ kernelSha256: boot.kernel.sha256, initrdSha256: boot.initrd.sha256, slotConfig });
  const [rootHash] = await Promise.all([
    makeHashTree(host, { data: squashfs, dataSha256: squashfsSha256, hashTree, salt }),
    assertSealed(host, squashfs, rules, expected),
  ]);
  const record: AuditRecord = { schema: 1, privileges: audit.privileges, removedKeys: removed };
  await writeFile(join(outFolder, 'audit.json'), `${JSON.stringify(record, null, 1)}\n`);
  return {
    role,
    version,
    epoch,
    squashfs,
    squashfsSize: (await stat(squashfs)).size,
    squashfsSha256,
    hashTree,
    hashTreeSize: (await stat(hashTree)).size,
    rootHash,
    manifestPath,
    manifestSha256: manifest.sha256,
    paths: manifest.paths,
    kernel: join(outFolder, 'vmlinuz'),
    initrd: join(outFolder, 'initrd.img'),
  };
}

/**
 * Times after the epoch are clamped to it; with an epoch in the future, the times of the build itself would stay in the
 * image.
 */
function refuseFuture(host: Host, epoch: number): void {
  if (epoch * 1000 <= host.now()) return;
  throw new IngotError({
    code: 'host-not-ready',
    message: `The date of the image, ${new Date(epoch * 1000).toISOString()}, is in the future.`,
    hint: 'Choose a date that has passed, or set the clock of this machine.',
  });
}

/**
 * Verifies the finished file, not the tree it was packed from: no residue, and every path with the type, mode, owner,
 * size and time of the manifest. So everything that was checked through the manifest also holds for the file.
 */
async function assertSealed(
  host: Host,
  squashfs: string,
  rules: readonly ResidueRule[],
  expected: Set<string>,
): Promise<void> {
  const audit = auditResidue(rules);
  const strange: string[] = [];
  await listSquashfs(host, squashfs, (seen, line) => {
    audit.see(seen);
    const is = listingOfLine(line);
    if (is === undefined || !expected.delete(is)) strange.push(is ?? line);
  });
  assertNoFaults(audit.finish());
  if (expected.size + strange.length === 0) return;
  throw new IngotError({
    code: 'wrong-root',
    message:
      'The squashfs differs from its manifest: the tree was changed while it was sealed, or mksquashfs cannot store it.',
    excerpt: [
      ...[...expected].slice(0, 10).map((line) => `manifest: ${line}`),
      ...strange.slice(0, 10).map((line) => `squashfs: ${line}`),
    ],
  });
}
