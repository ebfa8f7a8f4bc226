import type { Plan } from '../inputs/plan/plan.ts';
import type { PackerRelease } from './packer-release.ts';
import { buildUpperFolder, type PackerContext } from './render-packer.ts';

/** What a Packer file states of its Packer: the version that it requires, and the plugin of its builder. */
export const packerBlock = ({ requiredVersion, qemu }: PackerRelease): PackerContext['packer'] => ({
  requiredVersion,
  qemu: qemu ?? null,
});

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
