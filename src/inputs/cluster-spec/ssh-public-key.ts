import { isPoint } from './nist-curves.ts';
import { strictBase64, unsigned, WireReader } from './ssh-wire.ts';

/** What is wrong with a key, and what would be right. */
export interface WrongKey {
  readonly message: string;
  readonly right: string;
}

const oneLine = 'one line of a .pub file, such as ssh-ed25519 AAAA… alice@example.org';
const wholeLine = 'the whole line of the .pub file: copy it again';
const makeNew = 'a key that ssh-keygen -t ed25519 makes: use the line of its .pub file';

const types = [
  'ssh-ed25519',
  'ssh-rsa',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'sk-ssh-ed25519@openssh.com',
  'sk-ecdsa-sha2-nistp256@openssh.com',
];

/**
 * RequiredRSASize of sshd_config(5) is 1024 in Debian 12; NIST SP 800-131A requires 2048. The upper bound is that of
 * OpenSSH.
 */
const rsaBits = { least: 2048, most: 16_384 };

function wrongRsa(reader: WireReader): string | undefined {
  const [exponent, modulus] = [reader.field(), reader.field()];
  if (exponent === undefined || modulus === undefined) return 'the key is cut off';
  // A first bit of 1 would mean a negative number (RFC 4251, "mpint").
  const negative = [exponent, modulus].some(([first = 0]) => first > 127);
  const [e, n] = [unsigned(exponent), unsigned(modulus)];
  if (negative || e < 3n || e % 2n === 0n || n % 2n === 0n)
    return 'the key is not an RSA key: its numbers are wrong';
  const bits = n.toString(2).length;
  if (bits > rsaBits.most) return `the key has ${bits} bits, OpenSSH accepts at most ${rsaBits.most}`;
  return bits < rsaBits.least ? `the key has ${bits} bits, the minimum is ${rsaBits.least}` : undefined;
}

function wrongEd25519(reader: WireReader): string | undefined {
  const point = reader.field();
  if (point === undefined) return 'the key is cut off';
  return point.length === 32 ? undefined : `the key has ${point.length} bytes, an ed25519 key has 32`;
}

function wrongEcdsa(type: string, reader: WireReader): string | undefined {
  const curve = /nistp\d+/.exec(type)?.[0] ?? '';
  const [named, point] = [reader.text(), reader.field()];
  if (named === undefined || point === undefined) return 'the key is cut off';
  if (named !== curve) return `the key is of the curve ${named}, its type says ${curve}`;
  return isPoint(curve, point) ? undefined : `the key is not a point of the curve ${curve}`;
}

function wrongBlob(type: string, bytes: Uint8Array): string | undefined {
  const reader = new WireReader(bytes);
  const inner = reader.text();
  if (inner === undefined) return 'the key is cut off';
  if (inner !== type)
    return `the key says that it is of the type ${/^[\w@.-]{1,60}$/.test(inner) ? inner : '(unreadable)'}, not ${type}`;
  const wrong = type.includes('ecdsa')
    ? wrongEcdsa(type, reader)
    : type === 'ssh-rsa'
      ? wrongRsa(reader)
      : wrongEd25519(reader);
  if (wrong !== undefined) return wrong;
  // PROTOCOL.u2f of OpenSSH: the application is the last field.
  if (type.startsWith('sk-') && reader.field() === undefined) return 'the key is cut off';
  return reader.ended ? undefined : 'the key has bytes after its end';
}

/** Recognises a text that is not the line of a key at all, and explains what it is instead. */
function wrongForm(line: string): WrongKey | undefined {
  if (/PRIVATE KEY-----|^PuTTY-User-Key-File/m.test(line))
    return {
      message: 'this is a private key',
      right: 'the line of the .pub file; use another key pair, because this one is no longer secret',
    };
  if (line.includes('BEGIN SSH2 PUBLIC KEY') || line.includes('BEGIN PUBLIC KEY'))
    return {
      message: 'this key is not in the format of OpenSSH',
      right: 'one line, as ssh-keygen -i -f FILE prints it',
    };
  if (/\p{Cc}/u.test(line)) return { message: 'a key is one line without tabs', right: oneLine };
  if (line.trim() !== line) return { message: 'a key has no blanks around it', right: oneLine };
  return undefined;
}

function wrongType(line: string, type: string): WrongKey | undefined {
  if (types.includes(type)) return undefined;
  if (type === 'ssh-dss') return { message: 'DSA keys are too weak, sshd refuses them', right: makeNew };
  if (type.includes('-cert-v01@'))
    return {
      message: 'this is a certificate, not a key',
      right: 'the line of the .pub file that was certified',
    };
  if (type.startsWith('AAAA')) return { message: 'the type of the key is missing', right: oneLine };
  const behind = types.find((known) => line.includes(`${known} AAAA`));
  return behind === undefined
    ? {
        message: `${JSON.stringify(type.slice(0, 40))} is not a type of key`,
        right: `one of ${types.join(', ')}`,
      }
    : {
        message: `there is text before ${behind}`,
        right: 'the key without options: they are not supported here',
      };
}

/**
 * Returns what is wrong with a line of authorized_keys(5) without options; undefined if sshd accepts it (RFC 4253, 6.6;
 * RFC 5656, 3.1; RFC 8709, 4; OpenSSH, PROTOCOL.u2f).
 */
export function wrongPublicKey(line: string): WrongKey | undefined {
  const form = wrongForm(line);
  if (form !== undefined) return form;
  const [type = '', blob] = line.split(' ');
  const wrong = wrongType(line, type);
  if (wrong !== undefined) return wrong;
  if (blob === undefined) return { message: 'the key is missing after its type', right: oneLine };
  if (blob === '') return { message: 'two blanks after the type of the key', right: oneLine };
  const bytes = strictBase64(blob);
  if (bytes === undefined) return { message: 'the key is cut off or not Base64', right: wholeLine };
  const message = wrongBlob(type, bytes);
  if (message === undefined) return undefined;
  return { message, right: message.includes('bits') ? makeNew : wholeLine };
}

/** Returns the part of the line that identifies the key, without the comment. */
export function keyIdentity(line: string): string {
  return line.split(' ').slice(0, 2).join(' ');
}
