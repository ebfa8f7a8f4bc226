import { IngotError } from '../host/ingot-error.ts';
import type { Signer } from '../version/signer.ts';
import { type ChannelName, channelNames } from './channel-names.ts';
import { type ChannelPointer, namesInPointer, pointerType } from './channel-pointer.ts';
import { addPointer, nextCounter } from './promote-to-channel.ts';
import { type ChannelReader, readPointer, readRevocations, remember, seenPlaceOf } from './read-channel.ts';
import {
  type Revocation,
  type RevocationList,
  revocationOf,
  revocationsName,
  revocationsType,
} from './revocation-list.ts';
import { settleChannel } from './settle-channel.ts';
import { addToSeries } from './signed-series.ts';
import { readSignedText, signedText } from './signed-text.ts';

/** A revocation that was signed. */
export interface DoneRevocation {
  readonly list: RevocationList;
  /** False if the version was revoked before. */
  readonly added: boolean;
  /** Channels that still name the version. */
  readonly namedBy: readonly ChannelName[];
}

/** Signs each channel again, so that an older list of revocations is noticed with it. What it names stays the same. */
async function renewPointers(
  reader: ChannelReader,
  signer: Signer,
  counter: number,
): Promise<ChannelPointer[]> {
  const pointers: ChannelPointer[] = [];
  for (const channel of channelNames) {
    await settleChannel(reader, channel, pointerType);
    const before = (await readPointer(reader, channel, { mayBeExpired: true }))?.value;
    if (before === undefined) continue;
    const pointer = {
      ...before,
      counter: await nextCounter(reader, channel, before.counter),
      revocations: counter,
      // The expiry stays: nobody has looked at the policy.
      issuedOn: new Date(Math.max(reader.host.now(), Date.parse(before.issuedOn))).toISOString(),
    };
    await addPointer(reader, signer, pointer);
    pointers.push(pointer);
  }
  return pointers;
}

/**
 * Revokes a version: adds it to the signed list of the store, and signs each channel again with the number of the list.
 * @param revocation one line of reason
 * @throws IngotError channel-busy, and what readRevocations and readPointer throw
 */
export async function revokeVersion(
  reader: ChannelReader,
  signer: Signer,
  revocation: Revocation,
): Promise<DoneRevocation> {
  if (!reader.keys.some((key) => key.equals(signer.publicKey)))
    throw new IngotError({
      code: 'wrong-key',
      message: 'the key that signs the revocation is not among the keys of --key',
      hint: 'name its public half too: --key FILE',
    });
  await settleChannel(reader, revocationsName, revocationsType);
  const before = (await readRevocations(reader))?.value;
  const known = before?.revoked ?? [];
  const added = revocationOf(known, revocation) === undefined;
  const list: RevocationList =
    before !== undefined && !added
      ? before
      : {
          schema: 1,
          counter: await nextCounter(reader, revocationsName, before?.counter ?? 0),
          issuedOn: new Date(reader.host.now()).toISOString(),
          revoked: [...known, revocation],
        };
  if (added) {
    const text = await signedText(list, revocationsType, signer);
    const own = readSignedText(text, revocationsType, reader.keys);
    if ('why' in own) throw new IngotError({ code: 'wrong-key', message: `what was signed ${own.why}` });
    await addToSeries({ out: reader.out, name: revocationsName }, list.counter, text);
    await remember(reader, await seenPlaceOf(reader, revocationsName), {
      counter: list.counter,
      sha256: own.sha256,
    });
  }
  // Also if it was revoked before: the process that did it may have been killed in between.
  const pointers = await renewPointers(reader, signer, list.counter);
  const name = `${revocation.role}/${revocation.version}`;
  const namedBy = pointers.filter((one) => namesInPointer(one).includes(name)).map(({ channel }) => channel);
  return { list, added, namedBy };
}
