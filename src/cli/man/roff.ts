const special: Readonly<Record<string, string>> = {
  '\\': '\\e',
  '-': '\\-',
  "'": '\\(aq',
  '"': '\\(dq',
  '`': '\\(ga',
  '^': '\\(ha',
  '~': '\\(ti',
};

/**
 * A text for a manual page, in which nothing is a request or an escape of roff (groff_char(7), mandoc_char(7)). All
 * hyphens are literal, so that an option can be copied from the page.
 */
export function roffText(text: string): string {
  const escaped = text.replace(
    /[\\'"`^~-]|[^\t\n\x20-\x7e]/gu,
    (character) => special[character] ?? `\\[u${hex(character)}]`,
  );
  // A dot at the start of a line would be a request; an apostrophe is an escape by now.
  return escaped.replace(/^\./gm, '\\&.');
}

const hex = (character: string): string =>
  (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');

/** `.MACRO "argument" …`; the arguments are texts. */
export const macro = (name: string, ...args: readonly string[]): string =>
  [`.${name}`, ...args.map((text) => `"${roffText(text).replaceAll('\n', ' ')}"`)].join(' ');

/** A text in bold inside a line. */
export const bold = (text: string): string => `\\fB${roffText(text)}\\fR`;

/** A text in italics inside a line: what a person replaces. */
export const italic = (text: string): string => `\\fI${roffText(text)}\\fR`;

/** Lines that keep their breaks and spaces. */
export const literal = (lines: readonly string[]): string[] => ['.EX', ...lines.map(roffText), '.EE'];
