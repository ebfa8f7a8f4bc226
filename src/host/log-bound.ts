/** The most that a log of a program's lines may be, in bytes: one that prints endlessly must not fill the disk. */
const mostBytes = 64 * 1024 * 1024;

/** The last line of a log that reached its bound. */
export const fullMark = '--- ingot: the log is full; what the program printed after this is left out';

/**
 * Counts what is written to a log.
 * @returns what to do with each line: the text to write with its line end, or undefined when the log is full
 */
export function logBound(most = mostBytes): (line: string) => string | undefined {
  let written = 0;
  return (line) => {
    if (written > most) return undefined;
    written += Buffer.byteLength(line) + 1;
    return written > most ? `${fullMark}\n` : `${line}\n`;
  };
}
