import { copyFile, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../../host/host.ts';
import { IngotError } from '../../host/ingot-error.ts';
import { openPlainFolder } from '../../host/plain-paths.ts';
import { sha256File } from '../../host/sha256-file.ts';
import { fetchFailure, proxiesOf } from '../apt/fetch-failure.ts';
import { download } from '../pool/download.ts';
import { isIgnoredInLayer, isLayerPart } from '../site-layers/layer-parts.ts';
import { aptUrl, isUrl } from '../url/canonical-url.ts';
import { credentialsOf } from '../url/credentials.ts';
import { uncompressed } from './decompress.ts';
import type { LayerSource } from './layer-sources.ts';
import { TreeFault } from './tree-fault.ts';
import { treeLimits, TreeWriter } from './tree-writer.ts';
import { unpackTar } from './unpack-tar.ts';

interface ArchiveFetch {
  readonly source: LayerSource;
  /** Absolute, for files that are removed afterwards. */
  readonly work: string;
  /** Absolute; exists and is empty. */
  readonly to: string;
}

const whichBytes = 'sha256 of the archive that you have looked at; another sha256 is another layer';

/** Downloads an archive with apt's program: with this machine's proxies, retries and a check of the digest. */
async function downloaded(host: Host, { source, work }: ArchiveFetch, signal: AbortSignal): Promise<string> {
  const { name, archive = '', sha256 = '' } = source.origin;
  const credentials = credentialsOf(source.address);
  const plain = await openPlainFolder(work);
  try {
    const file = join(plain.path, 'download');
    const failures = await download(host, [{ url: aptUrl(source.address), file, sha256 }], {
      ...{ signal, credentials: credentials === undefined ? [] : [credentials] },
    });
    const why = failures.get(file);
    if (why === undefined) return join(work, 'download');
    if (/Hash Sum mismatch|unexpected size/.test(why))
      throw new TreeFault(`${archive} has another SHA-256 than ${sha256}`, whichBytes);
    const cause = fetchFailure(why, await proxiesOf(host));
    if (cause?.code === 'wrong-source') throw new TreeFault(`${archive}: ${cause.why}`, cause.hint);
    throw new IngotError({
      code: cause?.code ?? 'unreachable-source',
      message: `the layer ${name} cannot be fetched from ${archive}: ${cause?.why ?? why}`,
      hint: cause?.hint ?? 'look at the URL; a copy of the archive by path works without a network',
    });
  } finally {
    await plain.close();
  }
}

/** Copies an archive of this machine, so that what was compared is what is unpacked. */
async function copied({ source: { address, origin }, work }: ArchiveFetch): Promise<string> {
  const found = await stat(address).catch(() => undefined);
  if (found?.isFile() !== true)
    throw new TreeFault(
      `${address} ${found === undefined ? 'does not exist' : 'is not a file'}`,
      'a tar archive',
    );
  const file = join(work, 'copy');
  await copyFile(address, file);
  const digest = await sha256File(file);
  if (digest !== origin.sha256)
    throw new TreeFault(
      `${origin.archive ?? ''} has the SHA-256 ${digest}, not ${origin.sha256 ?? ''}`,
      whichBytes,
    );
  return file;
}

/** Refuses an archive in which everything is in one folder, and names that folder. */
function requireTop({ top, found }: TreeWriter, folder: string): void {
  const names = [...top].filter((name) => !isIgnoredInLayer(name));
  const shown = names.slice(0, 5).join(', ');
  if (!found)
    throw new TreeFault(
      `it has no folder ${folder}; at its top: ${shown}`,
      'the folder in it that is the layer',
    );
  const [only = ''] = names;
  if (folder === '' && names.length === 1 && !isLayerPart(only))
    throw new TreeFault(`everything in it is in the folder ${only}`, `folder: ${only}`);
}

/**
 * Writes the files of an archive into a folder, after its digest was compared.
 * @throws TreeFault for a wrong address, digest, format or folder, and for what no layer may have
 * @throws IngotError unreachable-source if the server does not answer
 */
export async function fetchArchive(host: Host, request: ArchiveFetch, signal: AbortSignal): Promise<void> {
  const { source, work, to } = request;
  const file = isUrl(source.address) ? await downloaded(host, request, signal) : await copied(request);
  const tar = await uncompressed(host, { file, to: join(work, 'archive.tar'), limits: treeLimits }, signal);
  await mkdir(to, { recursive: true });
  const { folder = '' } = source.origin;
  const writer = new TreeWriter(to, folder);
  await unpackTar(tar, writer);
  requireTop(writer, folder);
}
