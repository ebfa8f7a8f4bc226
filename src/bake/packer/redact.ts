import { encodeField } from './machine-readable.ts';

/** Removes the secrets from a text. */
export type Redact = (text: string) => string;

const mark = '***';
// Replacing a shorter line of a multi-line secret (a brace, a word) would make half of every log unreadable.
const shortestLine = 8;

/**
 * The forms in which a secret may be written: unchanged, as a field of Packer's rows, in a JSON or Go string, line by
 * line.
 */
function writings(secret: string): string[] {
  const lines = secret.split(/\r?\n/).filter((line) => line.trim().length >= shortestLine);
  return [secret, encodeField(secret), JSON.stringify(secret).slice(1, -1), ...lines];
}

/** The positions of these forms in a text, as [from, to) with overlaps merged. */
function findAll(text: string, sought: readonly string[]): [number, number][] {
  const found: [number, number][] = [];
  for (const one of sought) {
    for (let at = text.indexOf(one); at !== -1; at = text.indexOf(one, at + 1))
      found.push([at, at + one.length]);
  }
  found.sort((a, b) => a[0] - b[0]);
  const joined: [number, number][] = [];
  for (const [from, to] of found) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}

/**
 * Returns the function that every line passes through before it is written or shown: Packer's machine-readable output
 * has sensitive values in plain text.
 * @param secrets texts that must not appear; an empty one is ignored
 */
export function makeRedact(secrets: readonly string[]): Redact {
  const sought = [...new Set(secrets.flatMap(writings))].filter((writing) => writing.trim() !== '');
  return (text) => {
    let clean = '';
    let at = 0;
    for (const [from, to] of findAll(text, sought)) {
      clean += text.slice(at, from) + mark;
      at = to;
    }
    return clean + text.slice(at);
  };
}
