import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { canonicalKeystore } from '../../../../src/bake/seal/java-keystore.ts';

const short = (text: string) =>
  Buffer.concat([Buffer.from([text.length >> 8, text.length & 255]), Buffer.from(text)]);
const long = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

function keystore(entries: readonly (readonly [alias: string, milliseconds: number])[], tag = 2): Buffer {
  const written = entries.map(([alias, milliseconds]) => {
    const time = Buffer.alloc(8);
    time.writeBigUInt64BE(BigInt(milliseconds));
    return Buffer.concat([
      long(tag),
      short(alias),
      time,
      short('X.509'),
      long(alias.length),
      Buffer.from(alias),
    ]);
  });
  const content = Buffer.concat([long(0xfeedfeed), long(2), long(entries.length), ...written]);
  const password = Buffer.from('\0c\0h\0a\0n\0g\0e\0i\0t');
  const digest = createHash('sha1').update(password).update('Mighty Aphrodite').update(content).digest();
  return Buffer.concat([content, digest]);
}

describe("Java's keystore of certificates", () => {
  it('is the same whatever the time and order in which it was written', () => {
    const epoch = 1_795_305_600;
    const one = canonicalKeystore(
      keystore([
        ['b', 5],
        ['a', 6],
        ['ab', 7],
      ]),
      epoch,
    );
    const time = epoch * 1000;
    expect(one).toEqual(
      keystore([
        ['a', time],
        ['ab', time],
        ['b', time],
      ]),
    );
  });

  it('stays unchanged if it is something else: another format, a store with keys, a damaged file', () => {
    const damaged = keystore([['a', 1]]);
    damaged[40] = 0;
    expect(canonicalKeystore(Buffer.from('PKCS12'), 1)).toBeUndefined();
    expect(canonicalKeystore(keystore([['a', 1]], 1), 1)).toBeUndefined();
    expect(canonicalKeystore(damaged, 1)).toBeUndefined();
  });
});
