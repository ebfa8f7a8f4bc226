import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type ChannelPointer, namesInPointer, pointerType } from '../../../../src/channel/channel-pointer.ts';
import { readSignedText, signedText } from '../../../../src/channel/signed-text.ts';
import { chooseChannels } from '../../../../src/publish/channels/choose-channels.ts';
import { channelPath, type ChannelText } from '../../../../src/publish/channels/store-channels.ts';
import { keySigner } from '../../../../src/version/signer.ts';
import { rejection } from '../../../samples/temporary.ts';

const signer = keySigner(generateKeyPairSync('ed25519').privateKey);
const version = '20261129-3a53b04ef46e';

async function pointer(counter: number, expiresOn = '2026-12-30T08:00:00.000Z'): Promise<ChannelText> {
  const value: ChannelPointer = {
    ...{ schema: 1, channel: 'stable', counter, revocations: 0, allowed: [] },
    ...{ issuedOn: '2026-11-30T08:00:00.000Z', expiresOn },
    versions: { slave: { version, rootHash: 'a'.repeat(64) } },
  };
  const text = await signedText(value, pointerType, signer);
  const read = readSignedText(text, pointerType, undefined);
  const sha256 = 'why' in read ? '' : read.sha256;
  return { name: 'stable', payloadType: pointerType, text, counter, sha256, names: namesInPointer(value) };
}

function chosen(own: ChannelText, there?: string, has = true) {
  const left: string[] = [];
  const texts = new Map(there === undefined ? [] : [[channelPath('stable'), there]]);
  const found = chooseChannels({ place: 'P', texts, has: () => has }, [own], (why) => {
    left.push(why);
  });
  return { names: found.map(({ name }) => name), left };
}

describe('a pointer is copied to a place', () => {
  test('that has none or an older one, and not again', async () => {
    const own = await pointer(2);
    expect(chosen(own).names).toEqual(['stable']);
    expect(chosen(own, (await pointer(1)).text).names).toEqual(['stable']);
    expect(chosen(own, own.text)).toEqual({ names: [], left: [] });
  });

  test('only if the place has the versions that it names; the others are named', async () => {
    const { names, left } = chosen(await pointer(1), undefined, false);
    expect(names).toEqual([]);
    expect(left).toEqual([
      `channels/stable.dsse.json is not copied: P does not have slave/${version}; publish that too`,
    ]);
  });

  test('never over a newer one, over another one with its number, or over a file of somebody else', async () => {
    const own = await pointer(2);
    const cases = [
      [(await pointer(3)).text, 'rolled-back-channel'],
      [(await pointer(2, '2026-12-31T08:00:00.000Z')).text, 'rolled-back-channel'],
      ['a note', 'publish-failed'],
    ] as const;
    for (const [there, code] of cases) {
      const work = Promise.resolve().then(() => chosen(own, there));
      expect((await rejection(work)).code).toBe(code);
    }
  });
});
