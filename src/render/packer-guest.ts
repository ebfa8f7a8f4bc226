import type { Plan } from '../inputs/plan/plan.ts';
import { buildUpperFolder, type PackerContext } from './render-packer.ts';

/** What a Packer file says of Packer itself. */
export const packerVersion: PackerContext['packer'] = { requiredVersion: '>= 1.6.6', plugins: false };

/** The build guest of a plan; `own` is what one bake, or one host, brings along. */
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
