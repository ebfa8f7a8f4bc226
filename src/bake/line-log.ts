import { closeSync, openSync, writeSync } from 'node:fs';

/** A file to which lines are appended so that each is there whatever happens next. */
export interface LineLog {
  write(line: string): void;
  close(): void;
}

/** Opens a log for appending; only its owner may read it. Written synchronously: a failure of ours leaves all lines before it. */
export function openLineLog(file: string): LineLog {
  const descriptor = openSync(file, 'a', 0o600);
  return {
    write: (line) => void writeSync(descriptor, `${line}\n`),
    close: () => {
      closeSync(descriptor);
    },
  };
}
