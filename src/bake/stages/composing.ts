import { join } from 'node:path';
import type { ComposeOptions } from '../compose/compose-options.ts';
import type { Workplace } from './stage-definition.ts';

/** What the cache calls the packed tree of a stage. */
export const packedTree = 'tree.squashfs';

/** What the programs of compose are told of where a stage works. */
export function composing({ run, signal, progress }: Workplace): ComposeOptions {
  return { workFolder: run.work, logFolder: run.logs, signal, onLine: progress.note };
}

/** Where the tree of a role is, or the one that the roles share: an absolute path. */
export function treeFolder({ run, role }: Workplace): string {
  return join(run.work, role ?? 'shared', 'tree');
}
