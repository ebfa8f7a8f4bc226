/** One stanza of a Packages or status file (deb822(5)). */
export interface Stanza {
  readonly text: string;
  field(name: string): string | undefined;
}

/** Parses the text of one stanza, without the empty line after it. */
export function stanzaOf(text: string): Stanza {
  return {
    text,
    field: (name) => new RegExp(`^${name}:[ \\t]*(.*)$`, 'im').exec(text)?.[1],
  };
}

const begin = Buffer.from('Package: ');
const newline = 0x0a;

/**
 * Yields the stanzas of an index whose Package is wanted. The others are skipped as bytes, so that 50 MB take a
 * fraction of a second. Every stanza begins with its Package field, as all programs that create indexes write it.
 */
export function* stanzasNamed(index: Buffer, wanted: ReadonlySet<string>): Generator<Stanza> {
  for (let at = 0; at < index.length;) {
    const found = index.indexOf('\n\n', at, 'latin1');
    const end = found === -1 ? index.length : found;
    if (index.compare(begin, 0, begin.length, at, at + begin.length) === 0) {
      const name = index.toString('latin1', at + begin.length, index.indexOf(newline, at));
      if (wanted.has(name)) yield stanzaOf(index.toString('utf8', at, end).trimEnd());
    }
    at = end + 2;
    while (index[at] === newline) at++;
  }
}

const ofTheFile = /^(?:Filename|Size|MD5sum|SHA1|SHA256|SHA512|Description-md5):.*\n?/gim;

/** Returns the stanza as dpkg's status file has it for an installed package (dpkg(1), /var/lib/dpkg/status). */
export function installedStanza(stanza: Stanza): string {
  const [first = '', ...rest] = stanza.text.replaceAll(ofTheFile, '').trimEnd().split('\n');
  return [first, 'Status: install ok installed', ...rest].join('\n');
}
