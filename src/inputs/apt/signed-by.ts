/** The blocks of a deb822 file: what stands between blank lines, comments taken out (deb822(5)). */
function stanzas(text: string): string[] {
  const lines = text.split('\n').filter((line) => !line.startsWith('#'));
  return lines
    .join('\n')
    .split(/\n[ \t\r]*(?:\n[ \t\r]*)*\n/)
    .filter((stanza) => stanza.trim() !== '');
}

/**
 * The Signed-By of one entry of an apt sources file (sources.list(5)), as it is written there; apt's index targets do not tell it.
 * `entry` counts from 1: the line of a .list file, the stanza of a .sources file, as apt itself counts them.
 */
export function signedByOf(text: string, entry: number, format: 'list' | 'sources'): string | undefined {
  if (format === 'list') {
    const options = /^\s*deb\S*\s+\[([^\]]*)\]/.exec(text.split('\n')[entry - 1] ?? '')?.[1];
    return /(?:^|\s)signed-by=(\S+)/i.exec(options ?? '')?.[1];
  }
  const field = /^Signed-By:((?:.*)(?:\n[ \t].*)*)/im.exec(stanzas(text)[entry - 1] ?? '')?.[1];
  const value = field?.trim();
  return value === '' ? undefined : value;
}
