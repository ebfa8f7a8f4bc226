import { createWriteStream } from 'node:fs';
import { logBound } from './log-bound.ts';

/** Where the output of a program is appended to as it comes. */
export interface OutputLog {
  write(line: string): void;
  /** Resolves when all is written; rejects with the system's error when something could not be. */
  close(): Promise<void>;
}

const noLog: OutputLog = { write: () => undefined, close: () => Promise.resolve() };

/** Opens a file for the lines of a program, up to a bound, or nothing when no path is given. */
export function openOutputLog(path: string | undefined): OutputLog {
  if (path === undefined) return noLog;
  const stream = createWriteStream(path, { flags: 'a' });
  // A full disk must not end the process from outside: the error is told when the log is closed.
  const failure: { error?: Error } = {};
  const bounded = logBound();
  stream.on('error', (error) => {
    failure.error = error;
  });
  return {
    write: (line) => {
      const text = bounded(line);
      if (failure.error === undefined && text !== undefined) stream.write(text);
    },
    close: async () => {
      await new Promise<void>((resolve) => {
        stream.once('close', resolve);
        if (stream.closed) resolve();
        else stream.end();
      });
      if (failure.error !== undefined) throw failure.error;
    },
  };
}
