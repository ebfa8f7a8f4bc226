import type { Host } from '../../host/host.ts';

/** Extended attributes of one file: name → value. */
export type Xattrs = ReadonlyMap<string, Buffer>;

/**
 * Sets the attributes of many files (absolute paths; on links themselves, not on their targets) in one process
 * (setfattr(1)).
 */
export async function setXattrs(host: Host, files: ReadonlyMap<string, Xattrs>): Promise<void> {
  if (files.size === 0) return;
  await host.run('setfattr', ['--no-dereference', '--restore=-'], { input: formatXattrs(files) });
}

/**
 * Reads the attributes below `tree` in one process (getfattr(1)): absolute path → attributes. Includes those that a
 * squashfs can store, and access-control lists, which it cannot.
 */
export async function readXattrs(host: Host, tree: string): Promise<Map<string, Map<string, Buffer>>> {
  const args = [
    '-R',
    '-P',
    '-h',
    '-d',
    '-e',
    'hex',
    '-m',
    '^(security|user|trusted)\\.|^system\\.posix_acl_',
    '--absolute-names',
    '--',
    tree,
  ];
  return parseXattrs((await host.run('getfattr', args)).stdout);
}

/** The text form of getfattr and setfattr: "# file: PATH", lines NAME=0xHEX, an empty line. */
export function formatXattrs(files: ReadonlyMap<string, Xattrs>): string {
  let dump = '';
  for (const [path, attributes] of files) {
    dump += `# file: ${quote(path, /[\\\n\r]/g)}\n`;
    for (const [name, value] of attributes)
      dump += `${quote(name, /[\\\n\r=]/g)}=0x${value.toString('hex')}\n`;
    dump += '\n';
  }
  return dump;
}

/** Parses the text form that formatXattrs writes. */
export function parseXattrs(dump: string): Map<string, Map<string, Buffer>> {
  const files = new Map<string, Map<string, Buffer>>();
  let attributes = new Map<string, Buffer>();
  for (const line of dump.split('\n')) {
    if (line.startsWith('# file: ')) {
      attributes = new Map();
      files.set(unquote(line.slice('# file: '.length)), attributes);
      continue;
    }
    const equals = line.indexOf('=');
    if (equals > 0)
      attributes.set(unquote(line.slice(0, equals)), Buffer.from(line.slice(equals + 3), 'hex'));
    else if (line !== '') attributes.set(unquote(line), Buffer.alloc(0));
  }
  return files;
}

const quote = (text: string, special: RegExp): string =>
  text.replace(special, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`);

/** Octal escapes stand for bytes, so a UTF-8 letter may consist of several. */
function unquote(text: string): string {
  if (!text.includes('\\')) return text;
  const bytes = Buffer.from(text, 'utf8').toString('latin1');
  const plain = bytes.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
  return Buffer.from(plain, 'latin1').toString('utf8');
}
