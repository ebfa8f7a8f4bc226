// ECMA-48: CSI …final byte; OSC, DCS, SOS, PM and APC up to BEL or ST; every other escape sequence.
const moveTo = /(?:\x1b\[|\x9b)[0-9;]*[Hf]/g;
const sequences = [
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]/g,
  /(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?/g,
  /\x1b[ -/]*[0-~]/g,
];
const otherControls = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]/g;

/** What a terminal would show of a line that a lone carriage return overwrites: its last part that is not empty. */
function lastPart(line: string): string {
  return line.split('\r').findLast((part) => part.trim() !== '') ?? '';
}

/**
 * Lines as a person reads them: no ANSI sequence, no control character, no empty line, no space at the end.
 * A move of the cursor begins a line, since boot menus place their text by it.
 */
export function plainLines(text: string): string[] {
  let plain = text.replace(moveTo, '\n');
  for (const sequence of sequences) plain = plain.replace(sequence, '');
  return plain
    .split(/\r*\n/)
    .map((line) => lastPart(line).replaceAll('\t', '  ').replace(otherControls, '').trimEnd())
    .filter((line) => line !== '');
}
