import { readUrl } from '../../host/read-url.ts';
import { queryFile } from './folder.ts';
import type { NodeQuery } from './node-query.ts';
import { queryBySsh, type SshOptions } from './ssh.ts';

/** Reads each node's answer from where the inventory says it is. */
export function querySource(options: SshOptions): NodeQuery {
  return async ({ source }, read, signal) => {
    switch (source.kind) {
      case 'ssh':
        return queryBySsh(source, options, read, signal);
      case 'folder':
        signal.throwIfAborted();
        return queryFile(source.file, read);
      case 'url': {
        const { value, end } = await readUrl(source.url, { timeoutMs: options.timeoutMs, signal }, read);
        if (end.failure === undefined) return { value };
        return { value, failure: { why: end.failure, reached: false, again: end.again } };
      }
    }
  };
}
