/**
 * The maximum number of characters of a private key, including its lines of base64 (RSA of 16,384 bits in PEM has
 * 12,700).
 */
export const longestKey = 20 * 1024;

/** Every private key contains one of these words; files are searched for them before a closer check. */
export const keyWords = [
  'PRIVATE KEY',
  'PuTTY-User-Key-File-',
  'AGE-SECRET-KEY-1',
  'untrusted comment: ',
].map((word) => Buffer.from(word));

const pemHead = /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----/g;

/**
 * Whether text (bytes as latin1) contains a complete private key. A heading without a body, as in programs that read
 * keys, does not count.
 */
export function hasPrivateKey(text: string): boolean {
  for (const head of text.matchAll(pemHead))
    if (isKeyBody(text.slice(head.index + head[0].length, head.index + longestKey))) return true;
  return (
    /PuTTY-User-Key-File-[0-9]: [\s\S]*?\nPrivate-Lines: [0-9]+\r?\n[A-Za-z0-9+/=]{16}/.test(text) ||
    /AGE-SECRET-KEY-1[0-9A-Z]{58}/.test(text) ||
    // minisign(1) and signify(1)
    /untrusted comment: [^\n]*secret key\r?\n[A-Za-z0-9+/=]{60}/.test(text)
  );
}

/** Checks the text after a heading: only base64 up to the end mark, also within a string of JSON, YAML or a program. */
function isKeyBody(rest: string): boolean {
  const end = rest.indexOf('-----END');
  const body = (end === -1 ? rest.slice(0, 1024) : rest.slice(0, end))
    .replace(/\\[rnt]/g, '\n')
    // RFC 1421 and RFC 4880 allow headers before the body.
    .replace(/^[ \t"'#>|*]*[A-Z][A-Za-z-]*: [^\n]*$/gm, '')
    // PGP's checksum is a line of its own.
    .replace(/[\s"'\\,;]/g, '');
  return end === -1 ? /^[A-Za-z0-9+/=]{200}/.test(body) : /^[A-Za-z0-9+/=]{60,}$/.test(body);
}

/**
 * PKCS#8 (RFC 5208) and PKCS#1 (RFC 8017) in DER: a sequence that begins with the version 0, and an algorithm or a
 * large number.
 */
export function isDerKey(start: Buffer): boolean {
  if (start[0] !== 0x30) return false;
  const long = (start[1] ?? 0) & 0x80 ? (start[1] ?? 0) & 0x7f : 0;
  if (long > 2) return false;
  const inner = start.subarray(2 + long, 2 + long + 5);
  if (inner.length < 5 || !inner.subarray(0, 3).equals(Buffer.from([2, 1, 0]))) return false;
  const isPkcs8 = inner[3] === 0x30 && start[2 + long + 5] === 0x06;
  return isPkcs8 || (inner[3] === 0x02 && inner[4] === 0x82);
}

/** Files with credentials are small; larger files are data of a program. */
export const largestCredentials = 1024 * 1024;

// Every repetition is bounded, or can begin at few places only: a guest must not control how long a search takes.
interface Credential {
  readonly what: string;
  readonly pattern: RegExp;
  /** Applies only to files whose path matches. */
  readonly paths?: RegExp;
  /** Outside of an image, as in a log, the text is a secret whatever the path. */
  readonly anywhere?: true;
}

/** Where people and packages put settings; elsewhere such text is an example in a program. */
const settings = /^\/(?:etc|root|home|srv|opt|var|usr\/local)\//;

const credentials: readonly Credential[] = [
  {
    what: 'an AWS key',
    pattern:
      /(?<![A-Za-z0-9+/=])(?:AKIA|ASIA)(?![A-Z2-7]*EXAMPLE)[A-Z2-7]{16}(?![A-Za-z0-9+/=])|aws_secret_access_key\s*=\s*[A-Za-z0-9+/]{40}\s/,
  },
  {
    what: 'an access token',
    pattern:
      /(?<![A-Za-z0-9_])(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{82}|glpat-[\w-]{20}|xox[bpars]-[0-9]{8,}-[\w-]{10,})(?!\w)/,
  },
  {
    what: 'a Docker registry login',
    pattern: /"auths"[\s\S]{0,4096}?"auth"\s*:\s*"[A-Za-z0-9+/]{4,}=*"/,
  },
  { what: 'a Kubernetes private key', pattern: /\bclient-key-data:\s*[A-Za-z0-9+/]{64}/ },
  {
    what: 'a Mesos principal with its secret',
    pattern: /"principal"[\s\S]{0,4096}?"secret"\s*:\s*"[^"]+"/,
    paths: /^\/etc\//,
    anywhere: true,
  },
  {
    what: 'a password',
    pattern: /^(?![ \t]*#).*\bpassword[ \t]+\S/m,
    paths: /\/[._]netrc$|^\/etc\/apt\/auth\.conf(?:$|\.d\/)/,
  },
  { what: 'a password', pattern: /^[^#\s]/m, paths: /\/\.(?:pgpass|git-credentials)$/ },
  { what: 'a login key', pattern: /^[ \t]*[^#\s]/m, paths: /\/authorized_keys2?$/ },
  { what: 'a password hash', pattern: /^[^\s:]{1,64}:\$(?:y|gy|7|6|5|1|apr1|2[abxy])\$[^\s:]{20}/m },
  {
    what: 'a password in a URL',
    // A placeholder instead of a password is an example: "http://user:password@host", "http://USER:$PASSWORD@host".
    pattern:
      /(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@"'<>{}[\]()$%|]{1,256}:(?!(?:pass(?:w(?:or)?d)?|secret|pw|x+)@)[^\s/:@"'<>{}[\]()$|]{1,256}@[a-z0-9[]/i,
    paths: settings,
    anywhere: true,
  },
];

/** The patterns of secrets that need no path: what matches them in a log is a secret. */
export const secretPatterns: readonly RegExp[] = credentials
  .filter(({ paths, anywhere }) => paths === undefined || anywhere)
  .map(({ pattern }) => pattern);

/** Lists the kinds of secrets in a text file (bytes as latin1), each once: "an AWS key". */
export function credentialKindsIn(path: string, text: string): string[] {
  const found = credentials.filter(({ pattern, paths }) => paths?.test(path) !== false && pattern.test(text));
  return [...new Set(found.map(({ what }) => what))];
}
