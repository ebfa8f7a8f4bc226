import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSpec } from '../../../../src/inputs/cluster-spec/parse-spec.ts';
import { wrongPublicKey } from '../../../../src/inputs/cluster-spec/ssh-public-key.ts';
import { ingotErrorOf, smallSpec } from '../../../samples/spec.ts';

const ed25519 = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBmfiEkc8baIQvp2blBJVCiJo+OdilE3DOFx3d+nTabH';

/** A key with these fields. */
function key(type: string, ...fields: (string | Uint8Array)[]): string {
  const blob = fields.flatMap((field) => {
    const bytes = Buffer.from(field);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return [length, bytes];
  });
  return `${type} ${Buffer.concat(blob).toString('base64')}`;
}
const of = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes);
const filled = (length: number, byte: number, ...first: number[]): Uint8Array =>
  Uint8Array.from([...first, ...new Array<number>(length - first.length - 1).fill(byte), byte | 1]);
const exponent = of(1, 0, 1);

test('the keys of case 11 are refused, each with line, column and the error', () => {
  const text = `${smallSpec}operators:
  - ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJbd alice@example.org
  - ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7 bob@example.org
  - ssh-ed25519 AAAAB3NzaC1yc2EAAAADAQABAAABAQC7aaaa carol@example.org
`;
  const { message } = ingotErrorOf(() => parseSpec(text, 'cluster.yaml'));
  expect(message).toContain('cluster.yaml:8:5: the key is cut off\n');
  expect(message).toContain('cluster.yaml:9:5: the key is cut off\n');
  expect(message).toContain(
    'cluster.yaml:10:5: the key says that it is of the type ssh-rsa, not ssh-ed25519\n',
  );
  expect(message).toContain('right: the whole line of the .pub file: copy it again');
});

describe('a key is refused with the reason', () => {
  test.each<[string, string]>([
    ['-----BEGIN OPENSSH PRIVATE KEY-----', 'this is a private key'],
    ['PuTTY-User-Key-File-3: ssh-ed25519', 'this is a private key'],
    ['---- BEGIN SSH2 PUBLIC KEY ----', 'this key is not in the format of OpenSSH'],
    [`command="reboot" ${ed25519}`, 'there is text before ssh-ed25519'],
    [`no-pty,from="10.0.0.1" ${ed25519}`, 'there is text before ssh-ed25519'],
    ['ssh-dss AAAAB3NzaC1kc3MAAACBAP', 'DSA keys are too weak, sshd refuses them'],
    ['ssh-ed25519-cert-v01@openssh.com AAAA', 'this is a certificate, not a key'],
    [ed25519.slice('ssh-ed25519 '.length), 'the type of the key is missing'],
    ['ssh-ed448 AAAA', '"ssh-ed448" is not a type of key'],
    ['ssh-ed25519', 'the key is missing after its type'],
    [ed25519.replace(' ', '  '), 'two blanks after the type of the key'],
    [`${ed25519} `, 'a key has no blanks around it'],
    [`${ed25519}\n`, 'a key is one line without tabs'],
    [ed25519.slice(0, -1), 'the key is cut off or not Base64'],
    [`${ed25519}=`, 'the key is cut off or not Base64'],
    [key('ssh-ed25519', 'ssh-ed25519', filled(31, 2)), 'the key has 31 bytes, an ed25519 key has 32'],
    [key('ssh-ed25519', 'ssh-ed25519', filled(32, 2), 'x'), 'the key has bytes after its end'],
    [
      key('ssh-rsa', 'ssh-rsa', exponent, filled(129, 9, 0, 200)),
      'the key has 1024 bits, the minimum is 2048',
    ],
    [
      key('ssh-rsa', 'ssh-rsa', exponent, filled(256, 9, 200)),
      'the key is not an RSA key: its numbers are wrong',
    ],
    [
      key('ssh-rsa', 'ssh-rsa', of(1), filled(257, 9, 0, 200)),
      'the key is not an RSA key: its numbers are wrong',
    ],
    [
      key('ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp256', 'nistp256', filled(65, 3, 4)),
      'the key is not a point of the curve nistp256',
    ],
    [
      key('ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp256', 'nistp384', filled(97, 3, 4)),
      'the key is of the curve nistp384, its type says nistp256',
    ],
    [key('sk-ssh-ed25519@openssh.com', 'sk-ssh-ed25519@openssh.com', filled(32, 2)), 'the key is cut off'],
  ])('%s', (line, message) => {
    expect(wrongPublicKey(line)?.message).toBe(message);
  });
});

test.each([
  ed25519,
  `${ed25519} alice@example.org, with  blanks`,
  key('ssh-rsa', 'ssh-rsa', exponent, filled(257, 9, 0, 200)),
  key('sk-ssh-ed25519@openssh.com', 'sk-ssh-ed25519@openssh.com', filled(32, 2), 'ssh:'),
])('a complete key is accepted: %s', (line) => {
  expect(wrongPublicKey(line)).toBeUndefined();
});

test('a key that is cut off anywhere is refused', () => {
  const [type = '', blob = ''] = ed25519.split(' ');
  fc.assert(
    fc.property(fc.integer({ min: 0, max: blob.length - 1 }), (length) => {
      expect(wrongPublicKey(`${type} ${blob.slice(0, length)}`)).toBeDefined();
    }),
  );
});

test('the same key twice is refused, whatever its comment', () => {
  const text = `${smallSpec}operators:\n  - ${ed25519} alice\n  - ${ed25519} bob\n`;
  const { message } = ingotErrorOf(() => parseSpec(text, 'cluster.yaml'));
  expect(message).toContain('cluster.yaml:9:5: this key is in the list twice');
  expect(message).toContain('right: each key once; the first is at line 8, column 5');
});
