import type { Path } from './find-node.ts';
import type { About } from './schema-at.ts';

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map (key: value)',
  record: 'a map (key: value)',
};

/** Returns the name of a schema type for people. */
export function typeName(type: string): string {
  return typeNames[type] ?? type;
}

/** Describes a value for people: its type, or the value itself if that is as short. */
export function kind(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (typeof value === 'number') return `the number ${value}`;
  if (typeof value === 'boolean') return String(value);
  return typeName(Array.isArray(value) ? 'array' : typeof value);
}

/** Returns the value itself, truncated if it is long; for lists and maps only their type. */
export function shownValue(value: unknown): string {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
    return kind(value);
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** Returns a path as a user would type it: `master.files[0].path`. */
export function label(path: Path): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '');
}

/** Returns what would be right, from the schema's own description and example. */
export function expected({ description, example }: About): { right?: string } {
  const text = typeof example === 'string' ? example : JSON.stringify(example);
  const parts = [description, example === undefined ? undefined : `such as ${text}`];
  const right = parts.filter((part) => part !== undefined).join(', ');
  return right === '' ? {} : { right };
}
