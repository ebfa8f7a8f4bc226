import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../../host/host.ts';
import { credentialsOf } from '../url/credentials.ts';
import { type FoundSource, hostAptSources } from './apt-sources.ts';

/** What apt's answer depends on: its settings and sources (apt.conf(5), sources.list(5)), and apt itself. */
const settings = ['apt.conf', 'apt.conf.d', 'sources.list', 'sources.list.d'];

function contentsOf(path: string): unknown {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return null;
  if (!found.isDirectory()) return readFileSync(path, 'utf8');
  return readdirSync(path)
    .sort()
    .map((name) => [name, contentsOf(join(path, name))]);
}

function keyOf(suite: string, architecture: string, etc: string): string {
  const program = statSync('/usr/bin/apt-get', { throwIfNoEntry: false });
  const all = [
    ...[suite, architecture, program?.size, program?.mtimeMs],
    ...settings.map((name) => contentsOf(join(etc, name))),
  ];
  return createHash('sha256').update(JSON.stringify(all)).digest('hex').slice(0, 16);
}

interface RememberedSources {
  /** Absolute; where answers are remembered. */
  readonly folder: string;
  /** Absolute path of apt's folder of settings. */
  readonly etc?: string;
}

/**
 * What hostAptSources gives, from the last time that apt was asked with the same settings and sources: reading them takes a millisecond,
 * asking apt thirty.
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
    // What is remembered is in a file that others may read.
    if (found.some(({ uris }) => uris.some((uri) => credentialsOf(uri) !== undefined))) return found;
    const own = `${file}.${process.pid}`;
    // A folder that cannot be written costs the next call its time, no more.
    await mkdir(folder, { recursive: true })
      .then(() => writeFile(own, JSON.stringify(found)))
      .then(() => rename(own, file))
      .catch(() => undefined);
    return found;
  }
}
