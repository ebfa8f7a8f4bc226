import type { ErrorCode } from '../../host/ingot-error.ts';
import { type FetchFailure, fetchFailure } from '../apt/fetch-failure.ts';
import { keyText } from './key-text.ts';
import type { KeyedSource } from './source-keys.ts';

/** The keys and the clock for one source, used to explain why it is not trusted. */
export interface SourceFacts {
  readonly keyed: KeyedSource | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly proxies: readonly string[];
}

const input: ErrorCode = 'untrusted-source';

/** Converts "9d 2h 3min 4s" to milliseconds. */
function duration(text: string): number {
  const units: Readonly<Record<string, number>> = { d: 86_400, h: 3600, min: 60, s: 1 };
  const parts = [...text.matchAll(/(\d+)(d|h|min|s)\b/g)];
  return parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (units[unit] ?? 0), 0) * 1000;
}

const moment = (milliseconds: number): string =>
  new Date(milliseconds)
    .toISOString()
    .replace(/:\d\d\.\d+Z$/, ' UTC')
    .replace('T', ' ');

function givenKeys({ keyed, now }: SourceFacts): string {
  if (keyed?.keyring === undefined) return 'apt’s own keys in /etc/apt/trusted.gpg.d were tried';
  const keys = keyed.keyring.keys.map((key) => keyText(key, now)).join(', ');
  return `${keyed.source.signedBy ?? 'the key file'} has ${keys}`;
}

/** Returns the given key that apt names, in a form that people can compare; else the name from apt. */
function keyNamed(id: string, { keyed, now }: SourceFacts): string {
  const found = keyed?.keyring?.keys.find(
    ({ keyIds, fingerprint }) => keyIds.includes(id) || fingerprint.endsWith(id),
  );
  return found === undefined ? id : keyText(found, now);
}

type Judge = (match: RegExpExecArray, facts: SourceFacts) => FetchFailure;

/** Messages of apt about a source that it reaches but does not accept (apt's methods/gpgv.cc and acquire-item.cc). */
const verdicts: readonly (readonly [RegExp, Judge])[] = [
  [
    /is expired \(invalid since ([^)]*)\)/,
    ([, since = ''], { now }) => ({
      code: input,
      why: `its Release file has expired on ${moment(now - duration(since))}`,
      hint: 'a mirror that is not updated any more, or the clock of this machine is wrong; where it is meant, as for a snapshot: validUntil: false at the source in the spec',
    }),
  ],
  [
    /is not valid yet \(invalid for another ([^)]*)\)/,
    ([, another = ''], { now }) => ({
      code: input,
      why: `its Release file is dated in the future, ${moment(now + duration(another))}`,
      hint: `the clock of this machine says ${moment(now)}: set it right, or have the index of the source made again`,
    }),
  ],
  [
    /NO_PUBKEY/,
    (match, facts) => {
      const ids = [...match.input.matchAll(/NO_PUBKEY ([0-9A-F]+)/g)].map(([, id = '']) => id);
      return {
        code: input,
        why: `it is signed with the key ${ids.join(' and ')}, which was not given: ${givenKeys(facts)}`,
        hint: 'get the key that signs it from its owner, and name the file as key in the spec (Signed-By for a source of this machine)',
      };
    },
  ],
  [
    /EXPKEYSIG ([0-9A-F]+)/,
    ([, id = ''], facts) => ({
      code: input,
      why: `the key that signs it has expired: ${keyNamed(id, facts)}`,
      hint: 'get the key as its owner publishes it now: an extended one has the same fingerprint',
    }),
  ],
  [
    /REVKEYSIG ([0-9A-F]+)/,
    ([, id = ''], facts) => ({
      code: input,
      why: `the key that signs it was revoked: ${keyNamed(id, facts)}`,
      hint: 'do not use the source before its owner has signed it with a new key and said why',
    }),
  ],
  [
    /EXPSIG/,
    () => ({
      code: input,
      why: 'the signature of its Release file has expired',
      hint: 'its owner has to sign it again; another mirror may have a newer one',
    }),
  ],
  [
    /BADSIG ([0-9A-F]+)/,
    ([, id = ''], facts) => ({
      code: input,
      why: `its Release file was altered after ${keyNamed(id, facts)} had signed it`,
      hint: 'the bytes on the way or at the mirror are not those of its owner: try another mirror, and https',
    }),
  ],
  [
    /Hash Sum mismatch|unexpected size|Mirror sync in progress/,
    () => ({
      code: input,
      why: 'an index of it is not the one that its Release file names',
      hint: 'the mirror is being updated, or it was altered: try again in some minutes, then another mirror',
    }),
  ],
  [
    /weak digest|weak algorithm|insufficiently signed|too weak/i,
    () => ({
      code: input,
      why: 'its signature or its digests use an algorithm that is no longer secure',
      hint: 'its owner has to sign it with SHA-256 or better',
    }),
  ],
  [
    /Clearsigned file isn't valid|NODATA|Splitting up .* failed/,
    () => ({
      code: input,
      why: 'its Release file is damaged, or something else answers in its place',
      hint: 'networks that ask for a login answer every URL with a page: see what a browser shows there',
    }),
  ],
  [
    /is not signed|does not have a Release file|invalid/,
    ([reason]) => ({
      code: input,
      why:
        reason === 'does not have a Release file'
          ? 'it has no Release file'
          : reason === 'invalid'
            ? 'its signature is not valid'
            : 'it is not signed',
      hint:
        reason === 'does not have a Release file'
          ? 'look at its URL and its suite; of a flat repository the suite ends in a slash'
          : 'name a source that its owner signs; trusted: true accepts whatever answers there',
    }),
  ],
];

/**
 * Returns the cause of what apt reported about one source. Whether it was reached is checked first, then whether it is
 * trusted; the first match counts.
 */
export function sourceFailure(messages: readonly string[], facts: SourceFacts): FetchFailure {
  const reached = messages.map((line) => fetchFailure(line, facts.proxies)).find((one) => one !== undefined);
  if (reached !== undefined) return reached;
  for (const [pattern, judge] of verdicts)
    for (const line of messages) {
      const match = pattern.exec(line);
      if (match !== null) return judge(match, facts);
    }
  return {
    code: 'command-failed',
    why: messages.join('; '),
    hint: 'this is the output of apt; apt-get update with the same source says more',
  };
}
