import type { OpenPgpKey } from './openpgp/keys.ts';

/** Formats a date: 2026-09-28. */
export const dayText = (date: Date): string => date.toISOString().slice(0, 10);

/** Describes a key for people: its fingerprint, and whether it is revoked, expired or valid until a date. */
export function keyText(key: OpenPgpKey, now: number): string {
  const state = key.revoked
    ? ', revoked'
    : key.expires === undefined
      ? ''
      : `, ${key.expires.getTime() <= now ? 'expired' : 'good until'} ${dayText(key.expires)}`;
  return `${key.fingerprint}${state}`;
}

/** Reports whether a key can no longer sign. */
export function isExpiredOrRevoked(key: OpenPgpKey, now: number): boolean {
  return key.revoked || (key.expires !== undefined && key.expires.getTime() <= now);
}
