import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { addressesOf, FrameReader } from '../../../src/vm/frame-reader.ts';
import { openGuestNetwork } from '../../../src/vm/guest-network.ts';
import { temporaryFolder } from '../../samples/temporary.ts';

const everybody = 'ff:ff:ff:ff:ff:ff';
const mac = (number: number): string => `52:54:00:77:00:0${number}`;
const raw = (address: string): Buffer => Buffer.from(address.replaceAll(':', ''), 'hex');

/** A guest's card as QEMU connects it. */
class Card {
  readonly heard: string[] = [];
  readonly #frames = new FrameReader();
  readonly #socket: Socket;
  readonly #own: string;

  private constructor(socket: Socket, own: string) {
    this.#socket = socket;
    this.#own = own;
    socket.on('data', (chunk) => {
      for (const frame of this.#frames.read(chunk)) this.heard.push(addressesOf(frame).source);
    });
  }

  static async join(path: string, own: string): Promise<Card> {
    const socket = connect(path);
    await once(socket, 'connect');
    onTestFinished(() => void socket.destroy());
    return new Card(socket, own);
  }

  send(to: string): void {
    const content = Buffer.concat([raw(to), raw(this.#own), Buffer.from('0800', 'hex')]);
    const header = Buffer.alloc(4);
    header.writeUInt32BE(content.length);
    this.#socket.write(Buffer.concat([header, content]));
  }

  leave(): void {
    this.#socket.destroy();
  }
}

async function cards(count: number) {
  const network = await openGuestNetwork(join(await temporaryFolder(), 'lan'));
  onTestFinished(() => network.close());
  const joined: Card[] = [];
  for (let number = 1; number <= count; number += 1)
    joined.push(await Card.join(network.socket, mac(number)));
  const heardBy = async (who: Card | undefined, count: number) => {
    await expect.poll(() => who?.heard.length).toBe(count);
    return who?.heard;
  };
  return { network, joined, heardBy };
}

describe('the network of the guests', () => {
  test('delivers broadcast frames to every guest, and other frames to their destination', async () => {
    const { joined, heardBy } = await cards(3);
    const [one, two, three] = joined;
    one?.send(everybody);
    expect(await heardBy(two, 1)).toEqual([mac(1)]);
    expect(await heardBy(three, 1)).toEqual([mac(1)]);
    two?.send(mac(1));
    expect(await heardBy(one, 1)).toEqual([mac(2)]);
    three?.send(everybody);
    expect(await heardBy(one, 2)).toEqual([mac(2), mac(3)]);
    expect(three?.heard).toEqual([mac(1)]);
  });

  test('drops every frame from and to a guest that is cut off, until it is reconnected', async () => {
    const { network, joined, heardBy } = await cards(3);
    const [one, two, three] = joined;
    for (const card of joined) card.send(everybody);
    for (const card of joined) await heardBy(card, 2);
    network.cut(mac(1));
    one?.send(everybody);
    one?.send(mac(2));
    two?.send(mac(1));
    two?.send(everybody);
    expect(await heardBy(three, 3)).toEqual([mac(1), mac(2), mac(2)]);
    network.mend(mac(1));
    one?.send(mac(2));
    expect(await heardBy(two, 3)).toEqual([mac(1), mac(3), mac(1)]);
    expect(one?.heard).toEqual([mac(2), mac(3)]);
  });

  test('continues when a guest is powered off while it sends', async () => {
    const { joined, heardBy } = await cards(3);
    const [one, two, three] = joined;
    one?.send(everybody);
    await heardBy(two, 1);
    one?.leave();
    two?.send(everybody);
    two?.send(mac(1));
    three?.send(mac(2));
    expect(await heardBy(two, 2)).toEqual([mac(1), mac(3)]);
  });
});
