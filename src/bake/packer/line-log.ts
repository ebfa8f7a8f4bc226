import { closeSync, openSync, writeSync } from 'node:fs';
import { logBound } from '../../host/log-bound.ts';

/** A file to which lines are appended so that each is there whatever happens next. */
export interface LineLog {
  write(line: string): void;
  close(): void;
}

/** Opens a log for appending, up to a bound; only its owner may read it. Written synchronously: a failure of ours leaves all lines before it. */
export function openLineLog(file: string): LineLog {
  const descriptor = openSync(file, 'a', 0o600);
  const bounded = logBound();
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
