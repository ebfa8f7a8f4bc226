import { createHash } from 'node:crypto';
import { IngotError } from '../../host/ingot-error.ts';
import {
  groups,
  type Lock,
  type LockedLayer,
  type LockedPackage,
  lockSchema,
  lockVersion,
  withLayers,
} from './lock.ts';

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function orderOf(one: LockedPackage): string {
  return `${one.name} ${one.architecture} ${one.version}`;
}

/** Formats the values of a line, with a space after each colon and comma for readability. */
function line(value: Readonly<Record<string, string | number>>): string {
  const pairs = Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${JSON.stringify(one)}`);
  return `{ ${pairs.join(', ')} }`;
}

function packageLines(packages: readonly LockedPackage[]): string {
  if (packages.length === 0) return '[]';
  const lines = packages
    .toSorted((a, b) => byText(orderOf(a), orderOf(b)))
    .map(({ name, version, architecture, size, sha256, source, path }) =>
      line({ name, version, architecture, size, sha256, source, path }),
    );
  return `[\n      ${lines.join(',\n      ')}\n    ]`;
}

function layerLines(layers: readonly LockedLayer[] = []): string[] {
  if (layers.length === 0) return [];
  const lines = layers
    .toSorted((a, b) => byText(a.name, b.name))
    .map(({ name, commit, tree, files, size }) =>
      line({ name, ...(commit === undefined ? {} : { commit }), tree, files, size }),
    );
  return [`  "layers": [\n    ${lines.join(',\n    ')}\n  ],`];
}

function indented(value: unknown): string {
  return JSON.stringify(value, null, 2).replaceAll('\n', '\n  ');
}

/** Returns the text without its checksum and the closing brace. */
function uncheckedText(lock: Lock): string {
  const sources = lock.sources.toSorted((a, b) => byText(a.name, b.name));
  const { suite, architecture, packages, debs, layers } = lock.question;
  const asked = { suite, architecture, sources: lock.question.sources, packages, debs };
  const question = layers === undefined ? asked : { ...asked, layers };
  return [
    '{',
    `  "version": ${lock.version},`,
    `  "date": ${JSON.stringify(lock.date)},`,
    `  "question": ${indented(question)},`,
    `  "sources": ${indented(sources)},`,
    ...layerLines(lock.layers),
    '  "packages": {',
    groups.map((group) => `    "${group}": ${packageLines(lock.packages[group])}`).join(',\n'),
    '  },',
    '',
  ].join('\n');
}

/**
 * Returns the canonical text of a lock: one package per line, sorted by name, so that a diff shows only what changed.
 * Its last line is the SHA-256 of everything before it.
 */
export function lockText(lock: Lock): string {
  const text = uncheckedText(lock);
  return `${text}  "checksum": "${createHash('sha256').update(text).digest('hex')}"\n}\n`;
}

function broken(fileName: string, excerpt: readonly string[], cause?: unknown): IngotError {
  return new IngotError({
    code: 'wrong-lock',
    message: `${fileName} is not a lock of ingot, or was changed by hand:`,
    excerpt,
    hint: 'restore it from version control, or delete it and make a new one with ingot lock SPEC',
    cause,
  });
}

/**
 * Parses a lock.
 * @param fileName the name of the file in errors
 * @throws IngotError wrong-lock that says where it is invalid
 */
export function parseLock(text: string, fileName: string): Lock {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw broken(fileName, [cause instanceof Error ? cause.message : String(cause)], cause);
  }
  if (typeof value !== 'object' || value === null) throw broken(fileName, ['it is not an object']);
  const { version } = value as { version?: unknown };
  if (typeof version === 'number' && ![1, lockVersion].includes(version)) {
    throw new IngotError({
      code: 'wrong-lock',
      message: `${fileName} has the format ${version}; this ingot reads the formats 1 and ${lockVersion}`,
      hint: 'use the ingot that wrote it, or delete it and make a new one with ingot lock SPEC',
    });
  }
  const { checksum, ...unchecked } = value as { checksum?: unknown };
  const result = lockSchema.safeParse(unchecked);
  if (!result.success) {
    const issues = result.error.issues.slice(0, 10);
    throw broken(
      fileName,
      issues.map(({ path, message }) => `${path.join('.')}: ${message}`),
    );
  }
  const written = lockText(withLayers(result.data, result.data.layers ?? []));
  const found = text.replaceAll('\r\n', '\n');
  if (found !== written) throw broken(fileName, [differenceOf(written, found, checksum)]);
  return result.data;
}

function differenceOf(written: string, found: string, checksum: unknown): string {
  const lines = found.split('\n');
  const number = written.split('\n').findIndex((one, index) => one !== lines[index]);
  const line = lines[number]?.trim() ?? '';
  return line.startsWith('"checksum"')
    ? `its content does not match its checksum ${String(checksum)}`
    : `line ${number + 1} is not as ingot writes it: ${line}`;
}
