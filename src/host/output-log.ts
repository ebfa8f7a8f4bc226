import { createWriteStream } from 'node:fs';
import { limitLog } from './limit-log.ts';

/** A file that the output of a program is appended to as it arrives. */
export interface OutputLog {
  write(line: string): void;
  /** Resolves when everything is written; rejects with the system's error if a write failed. */
  close(): Promise<void>;
}

const noLog: OutputLog = { write: () => undefined, close: () => Promise.resolve() };

/** Opens a file for a program's output, up to a maximum size; without a path the output is dropped. */
export function openOutputLog(path: string | undefined): OutputLog {
  if (path === undefined) return noLog;
  const stream = createWriteStream(path, { flags: 'a' });
  // An unhandled stream error, as of a full disk, would end the process. So it is thrown when the log is closed.
  const failure: { error?: Error } = {};
  const bounded = limitLog();
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
