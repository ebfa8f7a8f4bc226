import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { statText } from '../../host/stat-text.ts';
import { defaultCache } from '../cache/cache-folder.ts';

/** How ingot was called. */
export interface Call {
  /** Without the program's own name; the first one is the command. */
  readonly args: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What an unchanged bake prints; its exit status is 0. */
export interface Answer {
  readonly out: string;
  readonly err: string;
}

/** The last complete check that found nothing to do: what it printed, and the state of everything that it read. */
export interface UnchangedRecord {
  readonly format: 1;
  /** Digest of the environment variables that matter. */
  readonly environment: string;
  /** Absolute path → what statText returned. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly answer: Answer;
}

/** The folder of the records in a cache. */
export const recordsName = 'unchanged';

/** `--no-fast-check` reads every file, whatever a record says. */
const completeCheck = '--no-fast-check';

const digestOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32);

const matters = /^(?:INGOT_|NODE_|XDG_|APT_|DPKG_|GIT_|LC_)|^(?:HOME|LANG|PATH|TMPDIR)$/;

/** One digest of the environment variables that can change what a bake reads. */
export function environmentDigest(env: Call['env']): string {
  return digestOf(
    Object.keys(env)
      .filter((name) => matters.test(name))
      .sort()
      .map((name) => [name, env[name]]),
  );
}

/** Path of the record of a call: one for each user, host, ingot, Node.js, folder and list of arguments. */
export function recordFile(cache: string, { args, cwd }: Pick<Call, 'args' | 'cwd'>): string {
  const who = [process.getuid?.(), hostname(), import.meta.dirname, process.execPath, process.version];
  return join(cache, recordsName, `${digestOf([who, cwd, args])}.json`);
}

/** The cache that a call uses; a wrong guess only means that no record is found there. */
function cacheOfCall({ args, cwd, env }: Call): string {
  const at = args.lastIndexOf('--cache');
  const joined = args.findLast((arg) => arg.startsWith('--cache='))?.slice('--cache='.length);
  const named = at === -1 ? joined : args[at + 1];
  const folder = named ?? defaultCache(env);
  return folder.startsWith('/') ? join(folder) : join(cwd, folder);
}

/** Reads the record of a call; only a file that this user wrote counts. */
function readRecord(file: string): UnchangedRecord | undefined {
  const { uid, mode } = statSync(file);
  if (uid !== process.getuid?.() || (mode & 0o022) !== 0) return undefined;
  const record = JSON.parse(readFileSync(file, 'utf8')) as UnchangedRecord;
  return (record.format as number) === 1 ? record : undefined;
}

/**
 * Returns what a bake prints that has nothing to do, if a record vouches that none of its inputs has changed since the
 * last complete check. Undefined if there is any doubt: the caller then checks completely.
 */
export function recordedAnswer(call: Call): Answer | undefined {
  if (call.args[0] !== 'bake' || call.args.includes(completeCheck)) return undefined;
  try {
    const record = readRecord(recordFile(cacheOfCall(call), call));
    if (record?.environment !== environmentDigest(call.env)) return undefined;
    const inputs = Object.entries(record.inputs);
    if (inputs.length === 0 || inputs.some(([path, text]) => statText(path) !== text)) return undefined;
    const { out, err } = record.answer;
    return typeof out === 'string' && typeof err === 'string' ? { out, err } : undefined;
  } catch {
    return undefined; // no record, or one that cannot be read
  }
}
