import type { ConfigurationChange } from '../image-diff.ts';
import type { Section } from '../report-parts.ts';

/** Configuration files with their text diffs. */
export function configurationSection(changes: readonly ConfigurationChange[]): Section | undefined {
  if (changes.length === 0) return undefined;
  const plain = changes.filter(({ textDiff }) => textDiff === undefined);
  return {
    title: 'Configuration',
    lines: plain.map(({ path, kind, note }) => `${kind}: ${path}${note === undefined ? '' : ` (${note})`}`),
    blocks: changes.flatMap(({ path, kind, textDiff }) =>
      textDiff === undefined
        ? []
        : [{ title: `${kind}: ${path}`, language: 'diff', lines: textDiff.split('\n') }],
    ),
  };
}
