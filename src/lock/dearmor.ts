/** OpenPGP keys as gpgv reads them: armoured ones (RFC 9580, 6.2) become binary, binary ones stay. */
export function dearmor(key: Uint8Array): Buffer {
  const bytes = Buffer.from(key);
  const text = bytes.toString('latin1');
  const blocks = [
    ...text.matchAll(/-----BEGIN PGP PUBLIC KEY BLOCK-----([\s\S]*?)-----END PGP PUBLIC KEY BLOCK-----/g),
  ];
  if (blocks.length === 0) return bytes;
  return Buffer.concat(
    blocks.map(([, block = '']) => {
      // Headers end with an empty line; a line that begins with = is the checksum.
      const body = block
        .replace(/^[^\n]*\n(?:[A-Za-z]+: [^\n]*\n)*\s*\n?/, '')
        .replace(/\n=[A-Za-z0-9+/]{4}\s*$/, '');
      return Buffer.from(body, 'base64');
    }),
  );
}
