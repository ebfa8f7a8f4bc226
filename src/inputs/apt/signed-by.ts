/** Returns the blocks of a deb822 file, separated by blank lines, without comments (deb822(5)). */
function stanzas(text: string): string[] {
  const lines = text.split('\n').filter((line) => !line.startsWith('#'));
  return lines
    .join('\n')
    .split(/\n[ \t\r]*(?:\n[ \t\r]*)*\n/)
    .filter((stanza) => stanza.trim() !== '');
}

/**
 * Returns the Signed-By of one entry of an apt sources file (sources.list(5)), as written there; apt's index targets do
 * not contain it. `entry` counts from 1 as apt does: the line of a .list file, or the stanza of a .sources file.
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
