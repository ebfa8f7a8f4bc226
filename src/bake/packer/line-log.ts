import { closeSync, openSync, writeSync } from 'node:fs';
import { limitLog } from '../../host/limit-log.ts';

/** A file to which lines are appended so that each is on disk immediately. */
export interface LineLog {
  write(line: string): void;
  close(): void;
}

/**
 * Opens a log for appending, up to a size limit; only its owner may read it. It is written synchronously, so that a
 * crash of ingot loses no earlier line.
 */
export function openLineLog(file: string): LineLog {
  const descriptor = openSync(file, 'a', 0o600);
  const bounded = limitLog();
  return {
    write: (line) => {
      const text = bounded(line);
      if (text !== undefined) writeSync(descriptor, text);
    },
    close: () => {
      closeSync(descriptor);
    },
  };
}
