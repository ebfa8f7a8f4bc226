import { describe, expect, test } from 'vitest';
import { judgeDates, judgeKeys, releaseDates } from '../../../src/doctor/checks/apt-signatures.ts';
import type { OpenPgpKey } from '../../../src/inputs/lock/openpgp/keys.ts';

const now = Date.parse('2026-11-30T12:00:00Z');
const keyOf = (digit: string, expires?: string, revoked = false): OpenPgpKey => ({
  fingerprint: digit.repeat(40),
  keyIds: [digit.repeat(16)],
  expires: expires === undefined ? undefined : new Date(`${expires}T00:00:00Z`),
  revoked,
  binary: Buffer.alloc(0),
});
const old = keyOf('A', '2025-05-01');
const good = keyOf('B', '2031-01-20');
const judged = (keys: OpenPgpKey[], signedBy?: string[]) =>
  judgeKeys({ name: 'http://deb.example.org/debian bookworm', keys, signedBy, newerKeys: 'apt-get …' }, now);

describe('the keys of a package source', () => {
  test('are good with the day on which they expire', () => {
    expect(judged([good])).toMatchObject({
      state: 'ok',
      text: 'http://deb.example.org/debian bookworm: key …BBBBBBBBBBBBBBBB expires on 2031-01-20',
    });
    expect(judged([keyOf('C')])).toMatchObject({ state: 'ok' });
  });

  test('that have expired are a problem, with the command that brings newer ones', () => {
    expect(judged([old])).toMatchObject({
      state: 'problem',
      text: expect.stringContaining('has expired on 2025-05-01') as string,
      remedy: { command: 'apt-get …' },
    });
  });

  test('that expire within two months are a warning', () => {
    expect(judged([keyOf('C', '2026-12-24')]).state).toBe('warning');
    expect(judged([keyOf('C', '2027-03-24')]).state).toBe('ok');
  });

  test('count only if they have signed the source: a keyring has old keys as well', () => {
    expect(judged([old, good], [good.fingerprint]).state).toBe('ok');
    expect(judged([old, good], [old.fingerprint]).state).toBe('problem');
    expect(judged([old, good], [old.fingerprint, good.fingerprint]).state).toBe('ok');
    expect(judged([old, good]).state).toBe('ok');
  });

  test('are a problem if they were revoked, if none signed the source, and if there are none', () => {
    expect(judged([keyOf('D', undefined, true)]).text).toContain('was revoked');
    expect(judged([good], []).text).toContain('no key of this host has signed it');
    expect(judged([]).text).toContain('there is no key for it');
    for (const finding of [judged([keyOf('D', undefined, true)]), judged([good], []), judged([])])
      expect(finding.state).toBe('problem');
  });
});

describe('the clock', () => {
  const release = (date: string, validUntil?: string) =>
    releaseDates(
      'a source',
      `Suite: x\nDate: ${date}\n${validUntil === undefined ? '' : `Valid-Until: ${validUntil}\n`}`,
    );

  test('is behind if a package source is from the future', () => {
    const [finding] = judgeDates([release('Mon, 30 Nov 2026 14:00:00 UTC')], now);
    expect(finding).toMatchObject({ check: 'clock', state: 'problem' });
    expect(finding?.text).toContain('it shows 2026-11-30 12:00 UTC');
    expect(finding?.remedy?.command).toBe('timedatectl set-ntp true');
  });

  test('may differ from a mirror by minutes', () => {
    expect(judgeDates([release('Mon, 30 Nov 2026 12:05:00 UTC')], now)).toEqual([]);
  });

  test('or the mirror is wrong if a source was valid only until a past day', () => {
    const [finding] = judgeDates(
      [release('Mon, 02 Nov 2026 12:00:00 UTC', 'Mon, 09 Nov 2026 12:00:00 UTC')],
      now,
    );
    expect(finding).toMatchObject({ check: 'apt', state: 'problem' });
  });

  test('is not judged by a file without dates', () => {
    expect(judgeDates([releaseDates('a source', 'Suite: x\nDate: never\n')], now)).toEqual([]);
  });
});
