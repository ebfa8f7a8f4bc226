import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { IngotError } from '../../host/ingot-error.ts';
import { vulnerabilitiesOfTracker } from './debian-tracker.ts';
import { vulnerabilitiesOfOsv } from './osv.ts';
import type { Vulnerability } from './vulnerability.ts';

const hint =
  'name OSV JSON (a file, or a folder of them) or the JSON of the Debian security tracker (docs/channels.md)';

const wrongFeed = (message: string, cause?: unknown): IngotError =>
  new IngotError({ code: 'wrong-feed', message, hint, cause });

async function filesOf(path: string): Promise<string[]> {
  const found = await stat(path).catch((cause: unknown) => {
    throw wrongFeed(`${path} cannot be read`, cause);
  });
  if (!found.isDirectory()) return [path];
  const names = (await readdir(path, { recursive: true })).filter((name) => name.endsWith('.json')).sort();
  if (names.length === 0) throw wrongFeed(`${path} has no file with the ending .json`);
  return names.map((name) => join(path, name));
}

async function readOne(file: string, release: string): Promise<Vulnerability[]> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw wrongFeed(`${file} is not JSON`, cause);
  }
  const found = vulnerabilitiesOfOsv(value, release) ?? vulnerabilitiesOfTracker(value, release);
  if (found === undefined)
    throw wrongFeed(`${file} is neither OSV JSON nor JSON of the Debian security tracker`);
  return found;
}

/**
 * Reads feeds of vulnerabilities from this machine.
 * @param paths absolute; files or folders
 * @param release number of the Debian release, such as "12"
 * @throws IngotError wrong-feed for a file that is not a feed, and for feeds that say nothing about the release
 */
export async function readFeeds(paths: readonly string[], release: string): Promise<Vulnerability[]> {
  const files = (await Promise.all(paths.map(filesOf))).flat();
  const found: Vulnerability[] = [];
  // One after the other: a feed may be large.
  for (const file of files) for (const one of await readOne(file, release)) found.push(one);
  if (found.length === 0) throw wrongFeed(`${paths.join(', ')}: nothing is about Debian ${release}`);
  return found;
}
