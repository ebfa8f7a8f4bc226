import { closeSync, openSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isPlainPath } from './temporary-folder.ts';

/** Other names for paths that a program would take for something else. */
export interface PlainPaths {
  /** The path itself where every program can be given it; else the same file through a descriptor of ours (proc(5)). Its folder must exist. */
  readonly of: (path: string) => string;
  /** From now on the other names lead nowhere. */
  readonly close: () => void;
}

/** Opens nothing yet: each folder is opened when a path in it is asked for. */
export function plainPaths(): PlainPaths {
  const folders = new Map<string, number>();
  return {
    of: (path) => {
      if (isPlainPath(path)) return path;
      const folder = dirname(path);
      const descriptor = folders.get(folder) ?? openSync(folder, 'r');
      folders.set(folder, descriptor);
      return join(`/proc/${process.pid}/fd/${descriptor}`, basename(path));
    },
    close: () => {
      for (const descriptor of folders.values()) closeSync(descriptor);
      folders.clear();
    },
  };
}
