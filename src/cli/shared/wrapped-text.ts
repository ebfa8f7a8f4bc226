const narrowest = 24;

/** Returns the width for text on a stream in columns. A log gets whole lines, in which a person can search. */
export function textWidth(stream: { readonly isTTY?: boolean; readonly columns?: number }): number {
  const { columns } = stream;
  if (stream.isTTY !== true || columns === undefined || columns === 0) return Number.POSITIVE_INFINITY;
  return Math.max(columns, narrowest);
}

/**
 * Breaks a text between words into lines of at most `width` columns. A longer word gets a line for itself and is not
 * cut, so that a path can be copied.
 * @param indent begins every line but the first
 * @returns the lines without a newline at the end
 */
export function wrappedText(text: string, width: number, indent = ''): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && line.trim() !== '' && longer.length > width) {
      lines.push(line);
      line = `${indent}${word}`;
    } else line = longer;
  }
  return [...lines, line].join('\n');
}
