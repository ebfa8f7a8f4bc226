import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressesOf, FrameReader } from '../../../src/vm/frame-reader.ts';

const framed = (content: Uint8Array): Buffer => {
  const header = Buffer.alloc(4);
  header.writeUInt32BE(content.length);
  return Buffer.concat([header, content]);
};

describe('the frames of a guest', () => {
  test('are the same whatever pieces the stream arrives in', () => {
    const frames = fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 8 });
    fc.assert(
      fc.property(frames, fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), (contents, sizes) => {
        const sent = contents.map(framed);
        const stream = Buffer.concat(sent);
        const reader = new FrameReader();
        const got: Buffer[] = [];
        for (let at = 0, turn = 0; at < stream.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1;
          got.push(...reader.read(stream.subarray(at, at + size)));
          at += size;
        }
        expect(got.map((one) => one.toString('hex'))).toEqual(sent.map((one) => one.toString('hex')));
      }),
    );
  });

  test('have the addresses of their destination and source', () => {
    const frame = framed(Buffer.from('525400770011' + '5254007700ff' + '0800', 'hex'));
    expect(addressesOf(frame)).toEqual({ destination: '52:54:00:77:00:11', source: '52:54:00:77:00:ff' });
  });
});
