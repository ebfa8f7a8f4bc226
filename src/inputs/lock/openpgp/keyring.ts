import { keysOf, type OpenPgpKey } from './keys.ts';
import { packetsOf } from './packets.ts';

/** The keys of a file, and their bytes in the form that gpgv reads. */
export interface Keyring {
  readonly binary: Buffer;
  readonly keys: readonly OpenPgpKey[];
}

/** Why a file is not a keyring, in words that follow its name. */
export interface KeyringFault {
  readonly why: string;
  /** What to do. */
  readonly right: string;
}

const download = 'the public key itself; a browser or curl may have been given a page about it';
const exported = 'the public half: gpg --export --armor KEY';

/**
 * Returns the text of a file in whichever form a program wrote it: with a byte order mark, in UTF-16, or with Windows
 * line ends.
 */
function textOf(bytes: Buffer): string {
  const text =
    bytes[0] === 0xff && bytes[1] === 0xfe ? bytes.subarray(2).toString('utf16le') : bytes.toString('latin1');
  return text.replace(/^\u00ef\u00bb\u00bf/, '').replaceAll(/\r\n?/g, '\n');
}

/**
 * Decodes an armoured block (RFC 9580, 6.2): headers are "Key: value", and the line that begins with = is a checksum.
 */
function dearmor(block: string): Buffer {
  const lines = block.split('\n').map((line) => line.trim());
  return Buffer.from(
    lines.filter((line) => !/^[A-Za-z]+: /.test(line) && !line.startsWith('=')).join(''),
    'base64',
  );
}

function noText(bytes: Buffer, text: string): KeyringFault {
  if (/^\s*$/.test(text)) return { why: 'is empty', right: 'the public key that signs the source' };
  if (/^\s*<(?:!doctype|html|\?xml|[a-z])/i.test(text))
    return { why: 'is an HTML page, not a key', right: download };
  if (/-----BEGIN PGP PUBLIC KEY BLOCK-----/.test(text))
    return {
      why: 'ends in the middle of an armoured key',
      right: 'the whole file, to its line -----END PGP PUBLIC KEY BLOCK-----',
    };
  const [, block] = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(text) ?? [];
  if (block !== undefined)
    return {
      why: `holds a ${block.toLowerCase().replace('pgp', 'PGP')}, not an OpenPGP key`,
      right: exported,
    };
  if (bytes.subarray(8, 12).toString('latin1') === 'KBXf')
    return { why: 'is a keybox of GnuPG, which apt does not read', right: exported };
  return { why: 'holds no OpenPGP key', right: exported };
}

const privateKey: KeyringFault = {
  why: 'holds a private key, which must stay where it signs',
  right: exported,
};

/**
 * Reads the keys of a file: one or several keys, armoured or binary, regardless of the extension of the file name.
 * @returns what is wrong with the file if it contains none
 */
export function readKeyring(bytes: Buffer): Keyring | KeyringFault {
  const text = textOf(bytes);
  if (/-----BEGIN PGP PRIVATE KEY BLOCK-----/.test(text)) return privateKey;
  const blocks = [
    ...text.matchAll(
      /-----BEGIN PGP PUBLIC KEY BLOCK-----\s*\n([\s\S]*?)-----END PGP PUBLIC KEY BLOCK-----/g,
    ),
  ].map(([, block = '']) => dearmor(block));
  const binary = blocks.length === 0 ? bytes : Buffer.concat(blocks);
  const packets = packetsOf(binary);
  if (packets?.some(({ tag }) => tag === 5 || tag === 7) === true) return privateKey;
  const keys = keysOf(packets ?? []);
  if (keys.length > 0) return { binary, keys };
  // Binary data that begins like a key (an old or new header with tag 6).
  const begun = [0x98, 0x99, 0x9a, 0xc6].includes(binary[0] ?? 0);
  if (packets === undefined && begun)
    return { why: 'ends in the middle of a key, or is damaged', right: 'the whole file' };
  return noText(bytes, text);
}
