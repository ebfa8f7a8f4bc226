import { readUrl } from '../../host/read-url.ts';
import type { Ask } from './asking.ts';
import { askFile } from './folder.ts';
import { askBySsh, type SshOptions } from './ssh.ts';

/** Reads each node's answer from where the inventory says it is. */
export function askEverywhere(options: SshOptions): Ask {
  return async ({ source }, read, signal) => {
    switch (source.kind) {
      case 'ssh':
        return askBySsh(source, options, read, signal);
      case 'folder':
        signal.throwIfAborted();
        return askFile(source.file, read);
      case 'url': {
        const { value, end } = await readUrl(source.url, { timeoutMs: options.timeoutMs, signal }, read);
        if (end.failure === undefined) return { value };
        return { value, failure: { why: end.failure, reached: false, again: end.again } };
      }
    }
  };
}
