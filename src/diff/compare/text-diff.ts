import { createTwoFilesPatch } from 'diff';

const largestText = 1 << 20;
const maxEdits = 2000;
const maxLines = 80;

/** The text of bytes if they are UTF-8, without NUL and not large; undefined otherwise. */
export function smallText(bytes: Buffer): string | undefined {
  if (bytes.length > largestText || bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** A unified diff of at most 80 lines; undefined unless both are small text that has enough in common. */
export function textDiff(
  path: string,
  stored: Buffer,
  made: Buffer,
  names: readonly [string, string] = ['stored', 'made'],
): string | undefined {
  const [before, after] = [smallText(stored), smallText(made)];
  if (before === undefined || after === undefined) return undefined;
  const patch = createTwoFilesPatch(
    `${names[0]}${path}`,
    `${names[1]}${path}`,
    before,
    after,
    undefined,
    undefined,
    {
      maxEditLength: maxEdits,
    },
  );
  if (patch === undefined) return undefined;
  const lines = patch.replace(/^=+\n/, '').trimEnd().split('\n');
  if (lines.length <= maxLines) return lines.join('\n');
  return [...lines.slice(0, maxLines), `(and ${lines.length - maxLines} lines more)`].join('\n');
}
