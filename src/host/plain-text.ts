// ECMA-48: CSI …final byte; OSC, DCS, SOS, PM and APC up to BEL or ST; every other escape sequence.
const moveTo = /(?:\x1b\[|\x9b)[0-9;]*[Hf]/g;
const sequences = [
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]/g,
  /(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?/g,
  /\x1b[ -/]*[0-~]/g,
];
const otherControls = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]/g;

/** The text that a terminal shows of a line that carriage returns overwrite: its last part that is not empty. */
function lastPart(line: string): string {
  return line.split('\r').findLast((part) => part.trim() !== '') ?? '';
}

/**
 * Returns the lines of a text as a person reads them: no ANSI sequences, no control characters, no empty lines and no
 * trailing spaces. A cursor move begins a new line, because boot menus position their text with it.
 */
export function plainLines(text: string): string[] {
  let plain = text.replace(moveTo, '\n');
  for (const sequence of sequences) plain = plain.replace(sequence, '');
  return plain
    .split(/\r*\n/)
    .map((line) => lastPart(line).replaceAll('\t', '  ').replace(otherControls, '').trimEnd())
    .filter((line) => line !== '');
}
