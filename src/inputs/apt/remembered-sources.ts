import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../../host/host.ts';
import { credentialsOf } from '../url/credentials.ts';
import { type FoundSource, hostAptSources } from './apt-sources.ts';

/** What apt's answer depends on: its settings and sources (apt.conf(5), sources.list(5)), and apt itself. */
const settings = ['apt.conf', 'apt.conf.d', 'sources.list', 'sources.list.d'];

const aptGet = '/usr/bin/apt-get';

/** Every file and folder that apt's answer depends on; `etc` is apt's folder of settings. */
export function aptSettings(etc = '/etc/apt'): readonly string[] {
  return [aptGet, ...settings.map((name) => join(etc, name))];
}

function contentsOf(path: string): unknown {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return null;
  if (!found.isDirectory()) return readFileSync(path, 'utf8');
  return readdirSync(path)
    .sort()
    .map((name) => [name, contentsOf(join(path, name))]);
}

function keyOf(suite: string, architecture: string, etc: string): string {
  const program = statSync(aptGet, { throwIfNoEntry: false });
  const all = [
    ...[suite, architecture, program?.size, program?.mtimeMs],
    ...settings.map((name) => contentsOf(join(etc, name))),
  ];
  return createHash('sha256').update(JSON.stringify(all)).digest('hex').slice(0, 16);
}

interface RememberedSources {
  /** Absolute folder of the cached answers. */
  readonly folder: string;
  /** Absolute path of apt's folder of settings. */
  readonly etc?: string;
}

/**
 * Returns the cached result of hostAptSources for the same settings and sources. Reading them takes a millisecond,
 * running apt takes thirty.
 */
export async function rememberedAptSources(
  host: Host,
  suite: string,
  architecture: string,
  { folder, etc = '/etc/apt' }: RememberedSources,
): Promise<readonly FoundSource[]> {
  const file = join(folder, `apt-sources-${keyOf(suite, architecture, etc)}.json`);
  try {
    return JSON.parse(await readFile(file, 'utf8')) as readonly FoundSource[];
  } catch {
    const found = await hostAptSources(host, suite, architecture);
    // The cached file may be readable by other users, so it must not contain credentials.
    if (found.some(({ uris }) => uris.some((uri) => credentialsOf(uri) !== undefined))) return found;
    const own = `${file}.${process.pid}`;
    // If the folder cannot be written, the next call only takes longer.
    await mkdir(folder, { recursive: true })
      .then(() => writeFile(own, JSON.stringify(found)))
      .then(() => rename(own, file))
      .catch(() => undefined);
    return found;
  }
}
