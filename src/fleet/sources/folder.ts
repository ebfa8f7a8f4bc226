import { readFileChunks } from '../../host/read-file-chunks.ts';
import type { Chunks } from '../answer/bounded-lines.ts';
import type { QueryResult, SourceFailure } from './node-query.ts';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'it has left no answer',
  EACCES: 'its answer is not readable',
  EISDIR: 'its answer is a folder',
};

/** Reads the answer that a node left in a file. A file that cannot be read counts as a node that did not answer. */
export async function queryFile<T>(
  file: string,
  read: (chunks: Chunks) => Promise<T>,
): Promise<QueryResult<T>> {
  const state: { failure?: SourceFailure } = {};
  function* chunks(): Generator<Uint8Array, void> {
    try {
      yield* readFileChunks(file);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      state.failure = { why: reasons[code ?? ''] ?? message, reached: false, again: false };
    }
  }
  const value = await read(chunks());
  return { value, ...(state.failure === undefined ? {} : { failure: state.failure }) };
}
