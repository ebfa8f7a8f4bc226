import type { ChannelName } from './channel-names.ts';
import { type ChannelPointer, pointerOf, pointerType } from './channel-pointer.ts';
import {
  type RevocationList,
  revocationListOf,
  revocationsName,
  revocationsType,
} from './revocation-list.ts';
import { currentFile, currentText } from './signed-series.ts';
import { readSignedText } from './signed-text.ts';

/**
 * Reads a pointer without a check of its signature, its counter or its expiry: only to show it, or to keep what it
 * names.
 * @returns undefined if there is none; a text that says why it cannot be read
 */
export async function peekPointer(
  out: string,
  channel: ChannelName,
): Promise<ChannelPointer | string | undefined> {
  const text = await currentText({ out, name: channel });
  if (text === undefined) return undefined;
  const payload = readSignedText(text, pointerType, undefined);
  if ('why' in payload) return `${currentFile({ out, name: channel })} ${payload.why}`;
  return pointerOf(payload.value) ?? `${currentFile({ out, name: channel })} is not the pointer of a channel`;
}

/** Reads the revoked versions without a check of the signature: to show them, and to refuse what is on the list. */
export async function peekRevocations(out: string): Promise<RevocationList | string | undefined> {
  const place = { out, name: revocationsName };
  const text = await currentText(place);
  if (text === undefined) return undefined;
  const payload = readSignedText(text, revocationsType, undefined);
  if ('why' in payload) return `${currentFile(place)} ${payload.why}`;
  return revocationListOf(payload.value) ?? `${currentFile(place)} is not a list of revoked versions`;
}
