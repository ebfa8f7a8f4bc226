import { IngotError } from '../src/host/ingot-error.ts';

export const pageMarkers = { begin: '<!-- bench: begin -->', end: '<!-- bench: end -->' } as const;

/**
 * Replaces the text between the markers of a Markdown page with a table.
 * @param name of the page, for errors
 * @throws IngotError wrong-usage when a marker is missing, or they are in the wrong order
 */
export function withTable(page: string, table: string, name: string): string {
  const begin = page.indexOf(pageMarkers.begin);
  const end = page.indexOf(pageMarkers.end);
  if (begin < 0 || end < begin)
    throw new IngotError({
      code: 'wrong-usage',
      message: `${name} has no markers for the table`,
      hint: `add a line ${pageMarkers.begin} and below it a line ${pageMarkers.end}`,
    });
  const head = page.slice(0, begin + pageMarkers.begin.length);
  return `${head}\n\n\`\`\`text\n${table}\`\`\`\n\n${page.slice(end)}`;
}
