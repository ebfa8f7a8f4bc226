import type { PackerContext, PackerRole } from '../../src/render/render-packer.ts';
import { buildKernelArguments, buildUpperFolder } from '../../src/render/render-packer.ts';

/** A role's build guest with all its files below one folder. */
export function sampleRole(name: PackerRole['name'], folder: string): PackerRole {
  return {
    name,
    buildDisk: `${folder}/${name}/root.squashfs`,
    kernel: `${folder}/${name}/vmlinuz`,
    initrd: `${folder}/${name}/initrd.img`,
    kernelArguments: buildKernelArguments(['quiet']),
    seedFolder: `${folder}/${name}/seed`,
    outputFolder: `${folder}/${name}/packer`,
    serialLog: `${folder}/${name}/console.log`,
    steps: ['10-first', '20-second'],
  };
}

export const samplePacker: PackerContext = {
  packer: { requiredVersion: '>= 1.6.6', qemu: null },
  guest: {
    accelerator: 'tcg',
    accelOptions: 'tcg,thread=multi',
    sandbox: 'on',
    runAs: 'nobody',
    machine: 'pc',
    cpu: 'qemu64',
    cpus: 2,
    memoryMiB: 2048,
    timeoutMinutes: 20,
    epoch: Date.UTC(2026, 10, 22) / 1000,
    exportMiB: 64,
    sshPrivateKeyFile: '/run-folder/ssh-key',
    upperFolder: buildUpperFolder,
  },
  roles: [sampleRole('master', '/run-folder'), sampleRole('slave', '/run-folder')],
};
