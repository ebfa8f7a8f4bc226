import type { z } from 'zod';
import { canonicalNodePath } from './node-path.ts';

// The rules that look at more than one value. They also run on invalid values, so they do not rely on any type.
export type Context = Pick<z.core.$RefinementCtx, 'issues'>;

/** A broken rule: its place, and what would be right. */
interface BrokenRule {
  readonly path: PropertyKey[];
  readonly message: string;
  readonly right: string;
  /** The place of the first of several. */
  readonly firstAt?: PropertyKey[];
  /** The place of the value that it conflicts with. */
  readonly otherAt?: PropertyKey[] | undefined;
  /** Point at the key instead of its value. */
  readonly atKey?: boolean;
}

/** Adds an error that concerns a second place as well. */
export function failWithSecondPlace(context: Context, { path, message, ...params }: BrokenRule): void {
  context.issues.push({ code: 'custom', path, message, params, input: undefined });
}

/** Adds an error with its place and what would be right. */
export function fail(context: Context, path: PropertyKey[], message: string, right: string): void {
  failWithSecondPlace(context, { path, message, right });
}

/** Returns the value as a map, or undefined. */
export function record(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}

function failOnRepeats(
  values: readonly unknown[],
  context: Context,
  path: (index: number) => PropertyKey[],
  what: string,
): void {
  values.forEach((value, index) => {
    const first = values.indexOf(value);
    if (typeof value === 'string' && first < index)
      failWithSecondPlace(context, {
        ...{ path: path(index), message: `${value} is listed twice` },
        ...{ right: `each ${what} once`, firstAt: path(first) },
      });
  });
}

/** Checks masters: each appears once, and their number is odd and at least three; one only with singleMaster. */
export function checkMasters(spec: unknown, context: Context): void {
  const { masters, singleMaster } = record(spec) ?? {};
  if (!Array.isArray(masters) || masters.length === 0) return;
  const count = masters.length;
  failOnRepeats(masters, context, (index) => ['masters', index], 'master');
  if (singleMaster === true) {
    if (count > 1)
      fail(
        context,
        ['singleMaster'],
        `singleMaster: true with ${count} masters`,
        'one master, or no singleMaster',
      );
    return;
  }
  if (count === 1)
    fail(
      context,
      ['masters'],
      'a cluster with one master does not survive its loss',
      '3, 5 or 7 masters; or add singleMaster: true',
    );
  else if (count % 2 === 0) {
    const why = `${count} masters survive no more losses than ${count - 1}`;
    fail(context, ['masters'], `${count} masters are an even number`, `an odd number, 3 at least: ${why}`);
  }
}

/** Checks the origin of Mesos or Marathon: a .deb or an apt source, with only the keys that belong to it. */
export function checkOrigin(value: unknown, context: Context): void {
  const origin = record(value);
  if (origin === undefined || Array.isArray(value)) return;
  const has = (key: string): boolean => origin[key] !== undefined;
  const { deb } = origin;
  if (has('deb') && has('source')) fail(context, ['source'], 'both deb and source', 'one of the two');
  if (!['deb', 'source', 'preset', 'mirror'].some(has))
    fail(
      context,
      [],
      'neither deb nor source says where it comes from',
      'deb: FILE-OR-URL, or source: {url, suite, key}',
    );
  if (typeof deb === 'string' && /^https?:/.test(deb) && !has('sha256'))
    fail(context, ['deb'], 'a URL without sha256', 'add sha256: the first word that sha256sum FILE prints');
  if (has('deb') && has('version') && !has('source'))
    fail(context, ['version'], 'version with deb', 'no version: it belongs to source, a .deb has its own');
  if (has('source') && has('sha256') && !has('deb'))
    fail(
      context,
      ['sha256'],
      'sha256 with source',
      'no sha256: the key of the source vouches for its packages',
    );
}

/** Checks an apt source: it has a key that signs it, or states that it needs none. */
export function checkSource(value: unknown, context: Context): void {
  const source = record(value);
  if (source === undefined || Array.isArray(value)) return;
  const { key, trusted } = source;
  if (key === undefined && trusted !== true)
    fail(
      context,
      [],
      'an apt source without a key',
      'key: FILE, the key that signs it; or trusted: true, to trust whatever answers there',
    );
  if (key !== undefined && trusted === true)
    fail(context, ['trusted'], 'both key and trusted', 'one of the two');
}

/** Checks a file: it has its content here, or names the file that it comes from. */
export function checkFile(value: unknown, context: Context): void {
  const file = record(value);
  if (file === undefined || Array.isArray(value)) return;
  const given = ['content', 'from'].filter((key) => file[key] !== undefined);
  if (given.length === 2) fail(context, ['from'], 'both content and from', 'one of the two');
  if (given.length === 0) fail(context, [], 'neither content nor from', 'content: TEXT, or from: FILE');
}

/** Checks files: each path appears once, in whichever form it is written. */
export function checkFiles(files: unknown, context: Context): void {
  if (!Array.isArray(files)) return;
  const seen = new Map<string, { readonly written: string; readonly index: number }>();
  files.forEach((file, index) => {
    const written = record(file)?.['path'];
    if (typeof written !== 'string') return;
    const path = canonicalNodePath(written);
    const first = seen.get(path);
    if (first === undefined) {
      seen.set(path, { written, index });
      return;
    }
    const same = first.written === written ? `${written} is listed twice` : `${written} is ${first.written}`;
    failWithSecondPlace(context, {
      path: [index, 'path'],
      message: same,
      right: 'each path once',
      firstAt: [first.index, 'path'],
    });
  });
}

export function checkTargets(targets: unknown, context: Context): void {
  if (Array.isArray(targets)) failOnRepeats(targets, context, (index) => [index], 'target');
}

/** Checks the data disk: it is given by label or by name, and formatted only if given by name. */
export function checkData(spec: unknown, context: Context): void {
  const data = record(record(spec)?.['data']);
  if (data === undefined || Array.isArray(data)) return;
  const { label, disk, format } = data;
  if (label === undefined && disk === undefined)
    fail(context, ['data'], 'neither label nor disk', 'label: LABEL, or disk: /dev/… and format');
  if (label !== undefined && disk !== undefined)
    fail(context, ['data', 'disk'], 'both label and disk', 'one of the two');
  if (label !== undefined && disk === undefined && format === 'if-blank')
    fail(context, ['data', 'format'], 'format with label', 'disk: /dev/…, because a blank disk has no label');
}
