import type { KeyObject } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { makeSquashfs } from '../../src/bake/seal/squashfs.ts';
import { writeManifest } from '../../src/bake/seal/write-manifest.ts';
import { makeHost } from '../../src/host/make-host.ts';
import { sha256File } from '../../src/host/sha256-file.ts';
import { loadTemplates } from '../../src/inputs/load-templates.ts';
import { type BootContext, bootContextOf, imageArguments, renderSlot } from '../../src/render/render-boot.ts';
import { type BootRecord, bootRecordText } from '../../src/version/boot-record.ts';
import type { ManifestHead } from '../../src/version/manifest.ts';
import { signSums } from '../../src/version/sign-version.ts';
import { keySigner } from '../../src/version/signer.ts';
import { signatureName, sumsName } from '../../src/version/sums.ts';
import { makeHashTree } from '../../src/version/verity.ts';
import { noRootHash, veritySalt } from '../../src/version/verity-salt.ts';
import { versionFiles } from '../../src/version/version-files.ts';
import { versionOf } from '../../src/version/version-name.ts';
import { writeSums } from '../../src/version/write-sums.ts';
import { project } from './ingot-process.ts';

const host = makeHost();

interface HeadOfManifest {
  readonly date: string;
  readonly boot: ManifestHead['boot'];
}

/** The first line of a version's manifest. */
export function headOf(version: string): HeadOfManifest {
  const [first = ''] = readFileSync(join(version, 'manifest.json'), 'utf8').split('\n', 1);
  return JSON.parse(`${first}]}`) as HeadOfManifest;
}

const recordOf = (version: string): BootRecord =>
  JSON.parse(readFileSync(join(version, 'boot.json'), 'utf8')) as BootRecord;

/** The kernel command line of this version, derived from that of `from`. */
function contextOf(from: string, version: string, rootHash: string): BootContext {
  const before = recordOf(from);
  const usual = imageArguments({ version: before.version, kernelArguments: [] });
  const kernelArguments = before.kernelArguments.filter((argument) => !usual.includes(argument));
  return bootContextOf({ role: before.role, kernelArguments }, { version, rootHash });
}

/** Unpacks the root of a version into the folder `tree`, so that it can be changed. */
export async function unpackRoot(version: string, tree: string): Promise<void> {
  rmSync(tree, { recursive: true, force: true });
  mkdirSync(dirname(tree), { recursive: true });
  await host.run('unsquashfs', ['-no-progress', '-quiet', '-dest', tree, join(version, 'root.squashfs')]);
}

/** Writes a file into a tree and creates the folders above it. */
export function place(tree: string, path: string, content: string): void {
  mkdirSync(dirname(join(tree, path)), { recursive: true });
  writeFileSync(join(tree, path), content);
}

/** What differs in a copy; everything else is copied from the original version. */
interface Different {
  readonly version: string;
  readonly rootHash?: string;
  /** File name in the version → absolute path. */
  readonly files?: Readonly<Record<string, string>>;
}

/**
 * A signed version next to others in `parent`, made of another version's files. Its boot.json and slot.cfg have the
 * names that a bake would write.
 * @returns its absolute folder
 */
export async function signedCopy(
  from: string,
  parent: string,
  { version, files = {}, ...different }: Different,
  key: KeyObject,
): Promise<string> {
  const folder = join(parent, version);
  mkdirSync(folder, { recursive: true });
  const own = [sumsName, signatureName, 'boot.json', 'slot.cfg'];
  // The folders of other targets contain the same files under other names.
  const names = (await versionFiles(from)).files.filter((path) => path === basename(path));
  for (const name of names.filter((one) => !own.includes(one)))
    linkSync(files[name] ?? join(from, name), join(folder, name));
  const before = recordOf(from);
  const rootHash = different.rootHash ?? before.rootHash;
  const context = contextOf(from, version, rootHash);
  const rootBytes = statSync(join(folder, 'root.squashfs')).size;
  const record = { ...before, version, rootHash, rootBytes, kernelArguments: imageArguments(context) };
  writeFileSync(join(folder, 'boot.json'), bootRecordText(record));
  const templates = await loadTemplates(join(project, 'templates'));
  writeFileSync(join(folder, 'slot.cfg'), renderSlot(templates, context));
  const { payload } = await writeSums(folder);
  await signSums(folder, keySigner(key), payload);
  return folder;
}

/**
 * A signed version in `parent`/VERSION. Its root is a changed tree, described and packed by the code of a bake; kernel
 * and initrd are those of `from`.
 * @returns its absolute folder
 */
export async function changedVersion(
  from: string,
  tree: string,
  parent: string,
  key: KeyObject,
): Promise<string> {
  const { date, boot } = headOf(from);
  const epoch = Date.parse(date) / 1000;
  const work = join(parent, 'work');
  mkdirSync(work, { recursive: true });
  const [manifest, squashfs, hashTree] = ['manifest.json', 'root.squashfs', 'root.verity'].map((name) =>
    join(work, name),
  ) as [string, string, string];
  // No time in a root is later than its epoch, but the changed files have today's time.
  await host.run('find', [tree, '-newermt', `@${epoch}`, '-exec', 'touch', '-hd', `@${epoch}`, '{}', '+']);
  const level = 1;
  const head = { role: recordOf(from).role, epoch, compressionLevel: level, boot };
  const [{ sha256 }] = await Promise.all([
    writeManifest(host, tree, { head, file: manifest }),
    makeSquashfs(host, tree, squashfs, { epoch, level }),
  ]);
  const version = versionOf(epoch, sha256);
  const salt = veritySalt({
    kernelSha256: boot.kernel.sha256,
    initrdSha256: boot.initrd.sha256,
    slotConfig: renderSlot(
      await loadTemplates(join(project, 'templates')),
      contextOf(from, version, noRootHash),
    ),
  });
  const rootHash = await makeHashTree(host, {
    ...{ data: squashfs, dataSha256: await sha256File(squashfs) },
    ...{ hashTree, salt },
  });
  const different = {
    version,
    rootHash,
    files: { 'manifest.json': manifest, 'root.squashfs': squashfs, 'root.verity': hashTree },
  };
  const folder = await signedCopy(from, parent, different, key);
  rmSync(work, { recursive: true });
  return folder;
}
