import { existsSync } from 'node:fs';
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Host } from '../host/host.ts';
import { IngotError } from '../host/ingot-error.ts';
import { sha256File } from '../host/sha256-file.ts';
import { withTemporaryFolder } from '../host/with-temporary-folder.ts';
import { envelopeText, signedEnvelope } from '../version/dsse.ts';
import type { Signer } from '../version/signer.ts';
import { sumsText } from '../version/sums.ts';
import { fileAndFolder, isBundlePath } from './bundle-path.ts';
import { bundlePlaces, type BundleRecord, bundleRecordText, bundleType } from './bundle-record.ts';
import type { CarriedFile } from './carried-files.ts';
import { readmeText } from './readme-text.ts';

export interface AirGapRequest {
  readonly files: readonly CarriedFile[];
  readonly record: BundleRecord;
  readonly signer: Signer;
  /** Absolute path of the file to write; it must not exist. */
  readonly into: string;
  readonly signal: AbortSignal;
  /** Called with the path of each file before it is read. */
  readonly onFile: (path: string) => void;
}

/** What was written. */
export interface WrittenAirGap {
  readonly files: number;
  /** Digest of SHA256SUMS, hexadecimal: two bundles with the same one have the same content. */
  readonly sumsSha256: string;
}

/** The path of a folder in which every file of the bundle is a link to its source. */
async function linkAll(folder: string, files: readonly CarriedFile[]): Promise<void> {
  for (const { path, file } of files) {
    const link = join(folder, path);
    await mkdir(dirname(link), { recursive: true });
    await symlink(file, link);
  }
}

async function digestsOf({ files, signal, onFile }: AirGapRequest): Promise<Map<string, string>> {
  const digests = new Map<string, string>();
  for (const { path, file, sha256 } of files) {
    signal.throwIfAborted();
    onFile(path);
    digests.set(path, sha256 ?? (await sha256File(file)));
  }
  return digests;
}

function requirePaths(paths: readonly string[]): void {
  const wrong = paths.find((path) => !isBundlePath(path)) ?? fileAndFolder(paths);
  const twice = paths.find((path, index) => paths.indexOf(path) !== index);
  const found = wrong ?? twice;
  if (found !== undefined) throw new Error(`${JSON.stringify(found)} cannot be in a bundle`);
}

/**
 * Writes one file with all files of a bundle: a tar archive (POSIX ustar and pax) that begins with SHA256SUMS and its
 * signature. It appears complete or not at all.
 * @throws IngotError unusable-folder if the file exists
 */
export async function writeAirGap(host: Host, request: AirGapRequest): Promise<WrittenAirGap> {
  const { files, record, signer, into, signal } = request;
  if (existsSync(into))
    throw new IngotError({
      code: 'unusable-folder',
      message: `${into} already exists`,
      hint: 'name another file, or remove it',
    });
  const own = `${into}.${process.pid}`;
  return withTemporaryFolder(async (folder) => {
    const [tree, texts] = [join(folder, 'tree'), join(folder, 'texts')];
    await mkdir(tree);
    await mkdir(texts);
    const made = {
      [bundlePlaces.record]: bundleRecordText(record),
      [bundlePlaces.readme]: readmeText(record),
    };
    const all: CarriedFile[] = [...files];
    const addText = async (path: string, text: string): Promise<void> => {
      await writeFile(join(texts, path), text);
      all.push({ path, file: join(texts, path) });
    };
    for (const [path, text] of Object.entries(made)) await addText(path, text);
    requirePaths(all.map(({ path }) => path));
    const sums = sumsText(await digestsOf({ ...request, files: all }));
    const names = all.map(({ path }) => path).sort();
    const envelope = await signedEnvelope(Buffer.from(sums), signer, undefined, bundleType);
    await addText(bundlePlaces.sums, sums);
    await addText(bundlePlaces.signature, envelopeText(envelope));
    await linkAll(tree, all);
    const list = join(folder, 'list');
    await writeFile(
      list,
      [bundlePlaces.sums, bundlePlaces.signature, ...names].map((one) => `${one}\0`).join(''),
    );
    try {
      const args = ['--create', '--force-local', '--file', own, '--format=pax', '--dereference'];
      // X: a site that has no ingot yet unpacks and starts tools/node with tar alone.
      const plain = ['--owner=0', '--group=0', '--numeric-owner', '--mode=u=rwX,go=rX', '--sort=none'];
      const times = [`--mtime=${record.created}`, '--pax-option=delete=atime,delete=ctime'];
      const what = [
        '--directory',
        tree,
        '--no-recursion',
        '--null',
        '--verbatim-files-from',
        '--files-from',
        list,
      ];
      await host.run('tar', [...args, ...plain, ...times, ...what], { signal });
      await rename(own, into);
    } finally {
      await rm(own, { force: true });
    }
    return { files: all.length, sumsSha256: await sha256File(join(texts, bundlePlaces.sums)) };
  });
}
