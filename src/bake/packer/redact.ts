import { encodeField } from './machine-readable.ts';

/** Takes the secrets out of a text. */
export type Redact = (text: string) => string;

const mark = '***';
// A shorter line of a secret of many lines (a brace, a word) would blot out half of every log.
const shortestLine = 8;

/** The ways in which a secret may be written: as it is, as a field of Packer's rows, in a JSON or Go string, line by line. */
function writings(secret: string): string[] {
  const lines = secret.split(/\r?\n/).filter((line) => line.trim().length >= shortestLine);
  return [secret, encodeField(secret), JSON.stringify(secret).slice(1, -1), ...lines];
}

/** Where a text holds one of the writings, as [from, to) with overlaps joined. */
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
 * Makes the function through which every line goes before it is written or shown: Packer's machine-readable output holds
 * sensitive values in clear.
 * @param secrets texts that must not be seen; an empty one is ignored
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
