import { makeRedact } from '../bake/packer/redact.ts';
import { credentialKindsIn, hasPrivateKey, longestKey, secretPatterns } from '../bake/seal/secret-text.ts';

const mark = '***';

const keyHead = '-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----';
const keyEnd = '-----END (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----';

/** Private keys, whole ones first. */
const keys: readonly RegExp[] = [
  new RegExp(`${keyHead}[\\s\\S]{0,${longestKey}}?${keyEnd}`, 'g'),
  // A key whose end is missing: nobody can tell where it ends.
  new RegExp(`${keyHead}[\\s\\S]*`, 'g'),
  // A key whose beginning is missing, because only the end of a file was read.
  new RegExp(`^[\\s\\S]*${keyEnd}`, 'g'),
  /Private-Lines: \d+\r?\n(?:[A-Za-z0-9+/=]+(?:\r?\n|$))+/g,
  /AGE-SECRET-KEY-1[0-9A-Z]{58}/g,
  /untrusted comment: [^\n]*secret key\r?\n[A-Za-z0-9+/=]{60,}/g,
];

const names =
  '(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|credential|client-key-data|identitytoken|registrytoken|auth)s?';

/** Values after a name, in YAML, JSON (also within a string), shell, headers and command lines; the name stays. */
const named: readonly RegExp[] = [
  // A block of YAML (YAML 1.2, 8.1): the lines below that are indented further.
  new RegExp(
    `(^([ \\t]*)(?:- )?[\\w.-]*${names}[ \\t]*:[ \\t]*[|>][+-]?\\d?[ \\t]*)(?:\\r?\\n\\2[ \\t]+[^\\n]*)+`,
    'gim',
  ),
  new RegExp(
    `(${names}\\\\*["']?[ \\t]*[:=][ \\t]*)(?:(\\\\*["'])(?!\\2)[\\s\\S]{1,4096}?\\2|[^\\s"'\\\\,;&{}[\\]][^\\s"'\\\\,;&]*)`,
    'gi',
  ),
  /(--?(?:password|passwd|secret|token|api-key)[ =])\S+/gi,
  /(\bauthorization["']?[ \t]*[:=]?[ \t]*["']?(?:basic|bearer)[ \t]+)[^\s"']+/gi,
  /(\bbearer[ \t]+)[a-z0-9._~+/=-]{16,}/gi,
  // netrc(5), apt_auth.conf(5)
  /(\blogin[ \t]+\S+[ \t]+password[ \t]+)\S+/g,
  /(^[ \t]*password[ \t]+)\S+/gm,
  /([A-Za-z][A-Za-z0-9+.-]*:\/\/)[^\s/@"'<>]+(?=@)/g,
];

/**
 * Texts that are secrets by their form. The patterns of an image's search need only the beginning of a secret, so the
 * rest of the word is added.
 */
const forms: readonly RegExp[] = [
  /\$(?:y|gy|7|6|5|1|apr1|2[abxy])\$[^\s:"']{20,}/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}/g,
  ...secretPatterns.map(
    ({ source, flags }) => new RegExp(`(?:${source})[^\\s"'\\\\,;]*`, `g${flags.replace('g', '')}`),
  ),
];

/** The values that follow the name of a secret in a text: of "password: abcdefgh" it is "abcdefgh". */
export function namedValues(text: string): string[] {
  return named
    .flatMap((pattern) => [...text.matchAll(pattern)])
    .map(([all, name = '']) => all.slice(name.length).replace(/^\\*["']|\\*["']$/g, ''))
    .filter((value) => value.length >= shortestPart && !value.startsWith('/'));
}

const shortestValue = 4;
/** Shorter values are replaced only as whole words: "ubuntu" is a part of many names. */
const shortestPart = 8;

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The ways in which a known value may be written. */
function writings(value: string): string[] {
  return [value, encodeURIComponent(value), Buffer.from(value).toString('base64').replace(/=+$/, '')];
}

/** Removes the secrets from the texts of a report. */
export class SecretRemover {
  readonly #long: (text: string) => string;
  readonly #short: readonly RegExp[];
  readonly #values: readonly string[];

  /**
   * @param values secrets of this machine and of the spec, by value; texts of less than four characters are ignored
   */
  constructor(values: readonly string[]) {
    const known = [...new Set(values.map((one) => one.trim()))].filter((one) => one.length >= shortestValue);
    this.#values = known.filter((one) => one.length >= shortestPart);
    this.#long = makeRedact(this.#values.flatMap(writings));
    this.#short = known
      .filter((one) => one.length < shortestPart)
      .map((one) => new RegExp(`(?<![A-Za-z0-9])${escaped(one)}(?![A-Za-z0-9])`, 'g'));
  }

  /** The text with `***` in place of its secrets. */
  clean(text: string): string {
    let clean = this.#long(text);
    for (const pattern of [...this.#short, ...keys]) clean = clean.replace(pattern, mark);
    for (const pattern of named) clean = clean.replace(pattern, `$1${mark}`);
    for (const pattern of forms) clean = clean.replace(pattern, mark);
    return clean;
  }

  /**
   * The text without secrets, or undefined if the search of an image still finds one in it: then it must not be given
   * away at all.
   */
  cleanOrNothing(text: string): string | undefined {
    const clean = this.clean(text);
    const left =
      hasPrivateKey(clean) ||
      credentialKindsIn('/etc/report', clean.replaceAll(mark, '')).length > 0 ||
      this.#values.some((value) => clean.includes(value));
    return left ? undefined : clean;
  }
}
