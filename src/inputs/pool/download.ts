import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../../host/host.ts';
import { withTemporaryFolder } from '../../host/with-temporary-folder.ts';
import { aptConf } from '../apt/apt-conf.ts';
import { privateAptSettings } from '../apt/private-apt.ts';
import { canonicalUrl } from '../url/canonical-url.ts';
import type { Credentials } from '../url/credentials.ts';

/** One file to fetch. */
export interface Download {
  /** http, https or copy. */
  readonly url: string;
  /** Absolute, a plain path. */
  readonly file: string;
  /** Undefined if something else verifies the bytes, such as the fingerprint of a key. */
  readonly sha256?: string;
}

export interface DownloadOptions {
  readonly credentials?: readonly Credentials[];
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string) => void;
}

/**
 * The error messages of apt for failed downloads, by file. apt printed nothing about files that are not in this map.
 */
export type Failures = ReadonlyMap<string, string>;

/**
 * Maps error messages to the files of their downloads. apt escapes URLs in its own way, so they are compared in
 * canonical form.
 */
function failuresIn(stderr: string, downloads: readonly Download[]): Failures {
  const files = new Map(downloads.map(({ url, file }) => [canonicalUrl(url), file]));
  const failures = new Map<string, string>();
  for (const line of stderr.split('\n')) {
    const [, url = '', why = ''] = /^[EW]: Failed to fetch (\S+) +(.*)$/.exec(line) ?? [];
    const file = files.get(canonicalUrl(url));
    if (file !== undefined) failures.set(file, why);
  }
  return failures;
}

/**
 * Downloads files in parallel with apt-helper: a queue for each host, pipelined, with resume, retries and a check of
 * the digest, and with this machine's network settings.
 */
export async function download(
  host: Host,
  downloads: readonly Download[],
  { credentials = [], signal, onLine }: DownloadOptions,
): Promise<Failures> {
  return withTemporaryFolder(async (folder) => {
    const config = join(folder, 'apt.conf');
    await writeFile(config, aptConf(await privateAptSettings(host, folder, credentials)));
    const { stderr } = await host.run(
      '/usr/lib/apt/apt-helper',
      [
        'download-file',
        ...downloads.flatMap(({ url, file, sha256 }) => [
          ...[url, file],
          ...(sha256 === undefined ? [] : [`SHA256:${sha256}`]),
        ]),
      ],
      {
        env: { APT_CONFIG: config },
        accept: [0, 100],
        ...(signal === undefined ? {} : { signal }),
        ...(onLine === undefined ? {} : { onLine }),
      },
    );
    return failuresIn(stderr, downloads);
  });
}
