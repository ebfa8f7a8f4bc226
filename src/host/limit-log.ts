/** The maximum size of a program's log in bytes, so that a program that prints endlessly does not fill the disk. */
const maxBytes = 64 * 1024 * 1024;

/** The last line of a log that reached its limit. */
export const logLimitMark = '--- ingot: the log is full; what the program printed after this is left out';

/**
 * Limits what is written to a log.
 * @returns a function that takes each line and returns the text to write with its line end, or undefined if the log is
 * full
 */
export function limitLog(most = maxBytes): (line: string) => string | undefined {
  let written = 0;
  return (line) => {
    if (written > most) return undefined;
    written += Buffer.byteLength(line) + 1;
    return written > most ? `${logLimitMark}\n` : `${line}\n`;
  };
}
