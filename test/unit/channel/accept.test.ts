import { describe, expect, test } from 'vitest';
import { whyRefused } from '../../../src/channel/accept.ts';

const minute = 60_000;
const now = Date.UTC(2026, 10, 30, 12);
const at = (ms: number): string => new Date(ms).toISOString();
const pointer = {
  counter: 7,
  issuedOn: at(now - 60 * minute),
  expiresOn: at(now + 60 * minute),
  sha256: 'a'.repeat(64),
};
const seen = { counter: 7, sha256: pointer.sha256, seenOn: now - minute };
const codeOf = (
  changed: Partial<typeof pointer>,
  more: Partial<Parameters<typeof whyRefused>[2]> = {},
): string | undefined => whyRefused('the pointer', { ...pointer, ...changed }, { seen, now, ...more })?.code;

describe('a pointer', () => {
  test('is accepted when it is read for the first time, again, and when it is newer', () => {
    expect(codeOf({}, { seen: undefined })).toBeUndefined();
    expect(codeOf({})).toBeUndefined();
    expect(codeOf({ counter: 8, sha256: 'b'.repeat(64) })).toBeUndefined();
  });

  test('is never accepted after a newer one, however new its date is', () => {
    expect(codeOf({ counter: 6 })).toBe('rolled-back-channel');
    expect(codeOf({ counter: 1, issuedOn: at(now) })).toBe('rolled-back-channel');
  });

  test('is refused if another one with the same number was read before', () => {
    const refused = whyRefused('the pointer', { ...pointer, sha256: 'b'.repeat(64) }, { seen, now });
    expect(refused?.code).toBe('rolled-back-channel');
    expect(refused?.message).toContain('so had another one');
  });

  test('is refused once it has expired, except by whoever replaces it', () => {
    const expiresOn = at(now - 1);
    expect(codeOf({ expiresOn })).toBe('expired-channel');
    expect(codeOf({ expiresOn }, { mayBeExpired: true })).toBeUndefined();
    // Replacing it does not excuse that an older one was put back.
    expect(codeOf({ expiresOn, counter: 6 }, { mayBeExpired: true })).toBe('rolled-back-channel');
  });

  test('is refused if it comes from the future: one of the two clocks is wrong', () => {
    expect(codeOf({ issuedOn: at(now + 10 * minute) })).toBe('host-not-ready');
    expect(codeOf({ issuedOn: at(now + 4 * minute) })).toBeUndefined();
  });

  test('is refused if the clock went back, because an expired one would look valid', () => {
    const expiresOn = at(now + minute);
    expect(codeOf({ expiresOn }, { seen: { ...seen, seenOn: now + 30 * minute } })).toBe('host-not-ready');
  });
});
