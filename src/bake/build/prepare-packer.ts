import { copyFile, cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Host } from '../../host/host.ts';
import { plainPaths } from '../../host/plain-paths.ts';
import type { Plan } from '../../inputs/plan/plan.ts';
import { packerBlock, packerGuest } from '../../render/packer-guest.ts';
import type { PackerRelease } from '../../render/packer-release.ts';
import { guestScripts, initrdScript } from '../../render/render-all.ts';
import { renderBuildSeed } from '../../render/render-build-seed.ts';
import { buildKernelArguments, renderPacker } from '../../render/render-packer.ts';
import { type Templates, templateText } from '../../render/templates.ts';
import type { RunFolder } from '../../store/run-folder.ts';
import type { Accelerator } from '../../vm/accelerator.ts';
import { accelArgument, confinement, cpuArgument } from '../../vm/qemu-machine.ts';
import { makeSshKey, type SshKey } from '../../vm/ssh-key.ts';
import { buildInitrd } from '../packer/build-initrd.ts';
import type { GuestRole } from './composed-tree.ts';

export interface PackerInput {
  readonly plan: Plan;
  readonly roles: readonly GuestRole[];
  readonly templates: Templates;
  readonly run: RunFolder;
  readonly key: SshKey;
  readonly accelerator: Accelerator;
  /** What the Packer of this host can do. */
  readonly release: PackerRelease;
  readonly signal: AbortSignal;
  /** Minutes that a guest stays after a step has failed in it; 0: it ends at once. */
  readonly keepMinutes: number;
}

export interface PreparedPacker {
  readonly hclFile: string;
  readonly builds: readonly string[];
  /** Must be called when Packer has ended. */
  readonly close: () => void;
}

/**
 * Writes the content of a build guest's CD: its seed, the guest's part of the bake, its SSH host key, and the steps.
 */
async function writeSeedFolder(
  host: Host,
  input: PackerInput,
  one: GuestRole,
  folder: string,
): Promise<void> {
  const scripts = join(folder, 'ingot');
  await mkdir(join(scripts, 'steps'), { recursive: true });
  const seed = renderBuildSeed(input.templates, {
    role: one.role.role,
    authorizedKey: input.key.publicKey,
  });
  for (const file of seed) await writeFile(join(folder, file.path), file.content);
  for (const name of guestScripts) {
    await writeFile(join(scripts, name), templateText(input.templates, `packer/guest/${name}`));
  }
  // run-step looks for it.
  if (input.keepMinutes > 0) await writeFile(join(scripts, 'keep'), '');
  // Created here: under emulation the guest would need two seconds for it.
  const key = await makeSshKey(host, join(dirname(folder), 'host-key'));
  await copyFile(key.privateKeyFile, join(scripts, 'host-key'));
  await key.remove();
  for (const step of one.role.steps) {
    await cp(step.folder, join(scripts, 'steps', step.name), { recursive: true });
  }
}

/** Writes the template and all files that it refers to into the run's work folder. */
export async function preparePacker(host: Host, input: PackerInput): Promise<PreparedPacker> {
  const { plan, run, accelerator } = input;
  const roles = [];
  // Packer interprets patterns and {{ in paths, and QEMU splits paths at commas.
  const paths = plainPaths();
  for (const one of input.roles) {
    const folder = join(run.work, one.role.role);
    const seedFolder = join(folder, 'seed');
    await writeSeedFolder(host, input, one, seedFolder);
    const initrd = join(folder, 'build-initrd.img');
    await buildInitrd(host, {
      disk: one.composed.disk,
      init: templateText(input.templates, `packer/guest/${initrdScript}`),
      workFolder: join(folder, 'build-initrd'),
      outFile: initrd,
      signal: input.signal,
    });
    roles.push({
      name: one.role.role,
      buildDisk: paths.of(one.composed.disk),
      kernel: paths.of(one.composed.kernel),
      initrd: paths.of(initrd),
      kernelArguments: buildKernelArguments(one.role.kernelArguments),
      seedFolder: paths.of(seedFolder),
      outputFolder: paths.of(join(folder, 'packer')),
      serialLog: paths.of(join(run.logs, `console-${one.role.role}.log`)),
      steps: one.role.steps.map((step) => step.name),
    });
  }
  const hclFile = join(run.work, 'cluster.pkr.hcl');
  const content = renderPacker(input.templates, {
    packer: packerBlock(input.release),
    guest: {
      ...packerGuest(plan, {
        accelerator,
        accelOptions: accelArgument(accelerator),
        ...confinement(),
        cpu: cpuArgument(accelerator),
        sshPrivateKeyFile: paths.of(input.key.privateKeyFile),
      }),
      timeoutMinutes: plan.guest.timeoutMinutes + input.keepMinutes,
    },
    roles,
  });
  await writeFile(hclFile, content);
  return { hclFile, builds: input.roles.map(({ role }) => `qemu.${role.role}`), close: paths.close };
}
