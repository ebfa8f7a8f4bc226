import type { Plan } from '../inputs/plan/plan.ts';
import { buildUpperFolder, type PackerContext } from './render-packer.ts';

/** The Packer version that a Packer file requires, and whether it declares plugins. */
export const packerVersion: PackerContext['packer'] = { requiredVersion: '>= 1.6.6', plugins: false };

/** Returns the build guest of a plan. `own` has the values that depend on the bake or on the host. */
export function packerGuest(
  { guest, epoch }: Pick<Plan, 'guest' | 'epoch'>,
  own: Pick<
    PackerContext['guest'],
    'accelerator' | 'accelOptions' | 'sandbox' | 'runAs' | 'cpu' | 'sshPrivateKeyFile'
  >,
): PackerContext['guest'] {
  const { cpus, memoryMiB, timeoutMinutes } = guest;
  return {
    ...own,
    ...{ cpus, memoryMiB, timeoutMinutes, epoch },
    machine: 'pc',
    exportMiB: 1024,
    upperFolder: buildUpperFolder,
  };
}
