import type { OpenPgpKey } from './openpgp/keys.ts';

/** A date as people write it: 2026-09-28. */
export const day = (date: Date): string => date.toISOString().slice(0, 10);

/** A key for people: its fingerprint, and what is the matter with it. */
export function keyText(key: OpenPgpKey, now: number): string {
  const state = key.revoked
    ? ', revoked'
    : key.expires === undefined
      ? ''
      : `, ${key.expires.getTime() <= now ? 'expired' : 'good until'} ${day(key.expires)}`;
  return `${key.fingerprint}${state}`;
}

/** Whether a key can sign no more. */
export function isOver(key: OpenPgpKey, now: number): boolean {
  return key.revoked || (key.expires !== undefined && key.expires.getTime() <= now);
}
