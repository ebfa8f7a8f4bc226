import { join } from 'node:path';
import type { Host } from '../host/host.ts';
import type { Plan } from '../plan/plan.ts';
import { requireLockedPackages } from './installed-packages.ts';
import { lockedInput, type LockAndPool } from './locked-input.ts';
import { mmdebstrap } from './mmdebstrap.ts';

export interface ComposeOptions {
  /** Absolute; everything that is made lies below it. */
  readonly workFolder: string;
  readonly logFolder: string;
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string) => void;
}

/** The options that every program of compose is given. */
export function watching(options: ComposeOptions): Pick<ComposeOptions, 'signal' | 'onLine'> {
  return {
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(options.onLine === undefined ? {} : { onLine: options.onLine }),
  };
}

/**
 * Unpacks the locked packages that all roles share, once, from the pool alone.
 * @returns the absolute path of the tree
 */
export async function composeShared(
  host: Host,
  plan: Plan,
  locked: LockAndPool,
  options: ComposeOptions,
): Promise<string> {
  const tree = join(options.workFolder, 'shared');
  const input = await lockedInput(host, locked, 'shared', join(options.workFolder, 'shared-packages'));
  await mmdebstrap(host, {
    suite: plan.base.suite,
    variant: 'minbase',
    packages: input.packages,
    tree,
    sources: input.sources,
    epoch: plan.epoch,
    // The role's source takes its place, which has the same name.
    customizeHooks: ['rm -f "$1"/etc/apt/sources.list.d/*'],
    log: join(options.logFolder, 'compose-shared.log'),
    ...watching(options),
  }).finally(input.close);
  await requireLockedPackages(host, tree, locked.lock, ['shared']);
  return tree;
}
