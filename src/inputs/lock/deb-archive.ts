import { open } from 'node:fs/promises';

/** Why a file is not a complete .deb, in words that follow its name. */
export interface DebFault {
  readonly why: string;
  readonly right: string;
}

const magic = '!<arch>\n';
const headerBytes = 60;
const again = 'the whole file: download or copy it again';

/**
 * Checks whether a file is a complete Debian package (deb(5)): an ar archive of debian-binary, control.tar and
 * data.tar, each of the size in its header. It does not read their contents.
 * @returns undefined if it is one
 */
export async function debFault(path: string): Promise<DebFault | undefined> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const read = async (at: number, length: number): Promise<string> => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
      return buffer.toString('latin1', 0, bytesRead);
    };
    if (size === 0) return { why: 'is empty', right: again };
    const begin = await read(0, 512);
    if (!begin.startsWith(magic)) {
      if (/^\s*<(?:!doctype|html|\?xml|[a-z])/i.test(begin.replace(/^\u00ef\u00bb\u00bf/, '')))
        return {
          why: 'is an HTML page, not a Debian package',
          right: 'the package itself: a browser or curl may have been given a page about it',
        };
      return { why: 'is not a Debian package', right: 'a file that dpkg-deb --info reads' };
    }
    const members: string[] = [];
    for (let at = magic.length; at < size;) {
      const header = await read(at, headerBytes);
      const name = header.slice(0, 16).trim().replace(/\/$/, '');
      const length = Number(header.slice(48, 58).trim() || Number.NaN);
      if (header.length === headerBytes && (!header.endsWith('`\n') || !Number.isSafeInteger(length)))
        return { why: `is damaged at byte ${at}`, right: again };
      const end = at + headerBytes + length;
      if (header.length < headerBytes || end > size)
        return {
          why: `ends in the middle of ${header.length < headerBytes ? 'the archive' : name}: it has ${size} bytes${header.length < headerBytes ? '' : `, at least ${end} are needed`}`,
          right: again,
        };
      members.push(name);
      at = end + (length % 2);
    }
    const lacks = ['debian-binary', 'control.tar', 'data.tar'].filter(
      (wanted) => !members.some((name) => name === wanted || name.startsWith(`${wanted}.`)),
    );
    if (lacks.length === 0) return undefined;
    // Truncated between two members, or an archive of something else.
    return members[0] === 'debian-binary'
      ? { why: `ends before its ${lacks.join(' and ')}`, right: again }
      : { why: 'is an archive, but not a Debian package', right: 'a file that dpkg-deb --info reads' };
  } finally {
    await file.close();
  }
}
