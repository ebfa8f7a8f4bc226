import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeHost } from '../../../../src/host/make-host.ts';
import { keyIdentity, wrongPublicKey } from '../../../../src/inputs/cluster-spec/ssh-public-key.ts';

const kinds = ['ed25519', 'rsa 2048', 'rsa 3072', 'ecdsa 256', 'ecdsa 384', 'ecdsa 521'];
const host = makeHost();
let keys: string[] = [];
let folder = '';

function field(bytes: Uint8Array | string): Buffer {
  const value = Buffer.from(bytes);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(value.length);
  return Buffer.concat([length, value]);
}

/**
 * A key that only a security key could make, derived from a key of ssh-keygen: the same fields, and the application.
 */
function securityKey(line: string): string {
  const [type = '', blob = ''] = line.split(' ');
  const sk = `sk-${type}@openssh.com`;
  const rest = Buffer.from(blob, 'base64').subarray(4 + type.length);
  return `${sk} ${Buffer.concat([field(sk), rest, field('ssh:')]).toString('base64')}`;
}

/** The lines that ssh-keygen reads as keys. */
async function taken(lines: readonly string[]): Promise<Set<number>> {
  const file = join(folder, 'keys');
  await writeFile(file, lines.map((line, index) => `${line} key${index}\n`).join(''));
  // It fails if it finds no key at all.
  const { stdout: said } = await host.run('ssh-keygen', ['-l', '-f', file], { accept: [0, 1, 255] });
  return new Set([...said.matchAll(/ key(\d+) \(/g)].map(([, index]) => Number(index)));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingot-keys-'));
  for (const kind of kinds) {
    const [type = '', bits] = kind.split(' ');
    const file = join(folder, kind.replace(' ', '-'));
    const size = bits === undefined ? [] : ['-b', bits];
    await host.run('ssh-keygen', ['-q', '-t', type, ...size, '-N', '', '-C', '', '-f', file]);
    keys.push((await readFile(`${file}.pub`, 'utf8')).trim());
  }
  keys = [
    ...keys,
    ...keys.filter((line) => /^(?:ssh-ed25519|ecdsa-sha2-nistp256) /.test(line)).map(securityKey),
  ];
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('keys are judged as OpenSSH judges them', () => {
  test('every kind that ssh-keygen creates is accepted, and keys of security keys', async () => {
    expect(keys.map((line) => wrongPublicKey(line))).toEqual(keys.map(() => undefined));
    expect((await taken(keys)).size).toBe(keys.length);
  });

  test('keys that are cut off, altered or mixed up are accepted by both or by neither', async () => {
    const change = fc.oneof(
      fc.record({ kind: fc.constant('cut' as const), at: fc.nat(1000) }),
      fc.record({
        kind: fc.constant('flip' as const),
        at: fc.nat(1000),
        by: fc.integer({ min: 1, max: 255 }),
      }),
      fc.record({ kind: fc.constant('type' as const), at: fc.nat(1000) }),
      fc.record({ kind: fc.constant('more' as const), at: fc.nat(20) }),
      fc.record({
        kind: fc.constant('letter' as const),
        at: fc.nat(1000),
        by: fc.constantFrom('A', '=', '-', '/', 'q'),
      }),
    );
    const cases = fc.sample(fc.tuple(fc.nat(keys.length - 1), change), 1500);
    const lines = cases.map(([which, change]) => {
      const [type = '', blob = ''] = (keys[which] ?? '').split(' ');
      const bytes = Buffer.from(blob, 'base64');
      const encoded = (changed: Uint8Array): string => `${type} ${Buffer.from(changed).toString('base64')}`;
      switch (change.kind) {
        case 'cut':
          return `${type} ${blob.slice(0, 1 + (change.at % blob.length))}`;
        case 'flip': {
          const at = change.at % bytes.length;
          bytes[at] = (bytes[at] ?? 0) ^ change.by;
          return encoded(bytes);
        }
        case 'type':
          return `${keyIdentity(keys[change.at % keys.length] ?? '').split(' ')[0] ?? ''} ${blob}`;
        case 'more':
          return encoded(Buffer.concat([bytes, Buffer.alloc(change.at)]));
        case 'letter': {
          const at = change.at % blob.length;
          return `${type} ${blob.slice(0, at)}${change.by}${blob.slice(at + 1)}`;
        }
      }
    });
    const byThem = await taken(lines);
    const differ = lines.flatMap((line, index) => {
      const wrong = wrongPublicKey(line);
      if ((wrong === undefined) === byThem.has(index)) return [];
      // For RSA numbers, ingot is stricter than ssh-keygen: 2048 bits, and a valid exponent.
      return line.startsWith('ssh-rsa') && /numbers|bits/.test(wrong?.message ?? '')
        ? []
        : [{ line, ours: wrong }];
    });
    expect(differ).toEqual([]);
    expect(byThem.size).toBeGreaterThan(100);
    expect(byThem.size).toBeLessThan(1400);
  });
});
