/** The index at which each section begins: a heading ends with a colon, and its lines are indented. */
function sectionStarts(lines: readonly string[]): number[] {
  const headings = lines.flatMap((line, at) =>
    /^\S.*:$/.test(line) && /^\s/.test(lines[at + 1] ?? '') ? [at] : [],
  );
  return headings[0] === 0 ? headings : [0, ...headings];
}

/**
 * Shortens evidence to a number of lines. Each section keeps its heading and its last lines, because programs print the
 * reason last; a line that shows the cause stays.
 * @param keep index of a line that stays; -1 for none
 * @returns the lines, and how many were left out
 */
export function fitExcerpt(
  lines: readonly string[],
  most: number,
  keep = -1,
): { readonly lines: readonly string[]; readonly left: number } {
  const starts = sectionStarts(lines);
  const hasHeading = (start: number): boolean => /^\S.*:$/.test(lines[start] ?? '');
  const sections = starts.map((start, index) => {
    const all = lines.slice(start, starts[index + 1] ?? lines.length).map((_, at) => start + at);
    return { fixed: hasHeading(start) ? all.slice(0, 1) : [], rest: hasHeading(start) ? all.slice(1) : all };
  });
  const count = (): number => sections.reduce((sum, { fixed, rest }) => sum + fixed.length + rest.length, 0);
  while (count() > most) {
    const longest = sections.reduce(
      (a, b) => (b.rest.length > a.rest.length ? b : a),
      sections[0] ?? { fixed: [], rest: [] },
    );
    const drop = longest.rest.findIndex((at) => at !== keep);
    if (drop === -1 || longest.rest.length <= 1) break;
    longest.rest.splice(drop, 1);
  }
  const shown = sections.flatMap(({ fixed, rest }) => [...fixed, ...rest]).map((at) => lines[at] ?? '');
  return { lines: shown, left: lines.length - shown.length };
}
