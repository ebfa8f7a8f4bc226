import { lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { filesBelow } from '../../host/files-below.ts';
import { sha256File } from '../../host/sha256-file.ts';
import { readBundle } from '../../version/sigstore/read-bundle.ts';
import { sigstoreType } from '../../version/sigstore/sigstore-bundle.ts';
import { isKeyFolder, signaturesFolder } from '../../version/sigstore/write-sigstore.ts';
import { smallFile } from '../../version/small-file.ts';
import { type Attachment, bundleAnnotations } from './attachments.ts';
import { artifactTypes, type FileLayer } from './version-manifest.ts';

/** A file of a folder as a layer. */
export async function layerOf(folder: string, path: string): Promise<FileLayer> {
  const file = join(folder, path);
  return { path, sha256: await sha256File(file), size: (await stat(file)).size };
}

/** An attestation as a document of its own, in the form in which cosign finds it. */
async function attestation(folder: string, path: string): Promise<Attachment[]> {
  const bundle = readBundle((await smallFile(join(folder, path)))?.toString() ?? '');
  if (bundle === undefined || !('statement' in bundle.content)) return [];
  const annotations = bundleAnnotations(bundle.content.statement.predicateType);
  const layers = [await layerOf(folder, path)];
  return [{ artifactType: sigstoreType, mediaType: sigstoreType, layers, folder, annotations }];
}

/**
 * The Sigstore bundles next to a version: a document for each attestation, and for each key one with the bundles of all
 * files, which no tool looks for in a registry, but which a pull brings.
 * @param folder absolute path of the version
 */
export async function bundleAttachments(folder: string): Promise<Attachment[]> {
  const all = signaturesFolder(folder);
  if ((await lstat(all).catch(() => undefined))?.isDirectory() !== true) return [];
  const found: Attachment[] = [];
  for (const key of (await readdir(all)).filter(isKeyFolder).sort()) {
    const paths = [...(await filesBelow(join(all, key)))].sort().map((path) => join(key, path));
    const isAttestation = (path: string): boolean => path.startsWith(`${key}/attestations/`);
    for (const path of paths.filter(isAttestation)) found.push(...(await attestation(all, path)));
    const layers = await Promise.all(
      paths.filter((path) => !isAttestation(path)).map((path) => layerOf(all, path)),
    );
    if (layers.length > 0)
      found.push({ artifactType: artifactTypes.bundles, mediaType: sigstoreType, layers, folder: all });
  }
  return found;
}
