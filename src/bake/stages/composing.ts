import { join } from 'node:path';
import type { ComposeOptions } from '../compose/compose-options.ts';
import type { StageWorkspace } from './stage-definition.ts';

/** The name of a stage's packed tree in the cache. */
export const packedTree = 'tree.squashfs';

/** Returns the options for the programs of compose from the place where a stage works. */
export function composeOptions({ run, signal, progress }: StageWorkspace): ComposeOptions {
  return { workFolder: run.work, logFolder: run.logs, signal, onLine: progress.note };
}

/** The absolute path of a role's tree, or of the shared tree. */
export function treeFolder({ run, role }: StageWorkspace): string {
  return join(run.work, role ?? 'shared', 'tree');
}
