import { IngotError } from '../host/ingot-error.ts';
import type { Role } from '../inputs/plan/plan.ts';
import type { PackerPlugin } from './packer-release.ts';
import { renderFrom, type Templates } from './templates.ts';

/** One role's build guest. All paths are absolute paths on the build host. */
export interface PackerRole {
  readonly name: Role;
  /** A squashfs file; /dev/vda in the guest. */
  readonly buildDisk: string;
  readonly kernel: string;
  readonly initrd: string;
  /** The complete kernel command line, one word each: see buildKernelArguments. */
  readonly kernelArguments: readonly string[];
  /**
   * The content of the guest's CD: user-data, meta-data and the folder ingot/ (guest scripts, host-key, and
   * steps/NN-name).
   */
  readonly seedFolder: string;
  /** Must not exist yet. Packer creates `disk` and the export, `disk-1`, in it. */
  readonly outputFolder: string;
  /** The guest's console is written here. */
  readonly serialLog: string;
  /** Names of the folders below ingot/steps, in order. */
  readonly steps: readonly string[];
}

/** The values of one `packer build`. */
export interface PackerContext {
  readonly packer: {
    /** A constraint such as ">= 1.6.6". */
    readonly requiredVersion: string;
    /** The plugin that the file declares; null for a Packer that has its builders bundled and rejects the block. */
    readonly qemu: PackerPlugin | null;
  };
  readonly guest: {
    readonly accelerator: 'kvm' | 'tcg';
    /** A value of QEMU's -accel. */
    readonly accelOptions: string;
    /** A value of QEMU's -sandbox. */
    readonly sandbox: string;
    /** The user that QEMU switches to (-runas); "" for the user who started it. */
    readonly runAs: string;
    /** A value of QEMU's -machine type=, without options. */
    readonly machine: string;
    /** A value of QEMU's -cpu. */
    readonly cpu: string;
    readonly cpus: number;
    readonly memoryMiB: number;
    /** Time limit for booting, and also for all steps of a role together. */
    readonly timeoutMinutes: number;
    /** The time at which the guest's clock starts, in seconds since 1970. */
    readonly epoch: number;
    /** Size of the disk for the export, in MiB. */
    readonly exportMiB: number;
    /** Private half of the key that the seed authorizes for root. */
    readonly sshPrivateKeyFile: string;
    /** The upper layer of the guest's root, where its initrd puts it. */
    readonly upperFolder: string;
  };
  readonly roles: readonly PackerRole[];
}

/** Where the initrd of a build guest puts the overlay's upper layer. */
export const buildUpperFolder = '/run/ingot/overlay/upper';

/** The kernel command line of a build guest: its console, options for a short boot, then the role's own arguments. */
export function buildKernelArguments(ofRole: readonly string[]): readonly string[] {
  return [
    'console=ttyS0,115200n8',
    'panic=1',
    // The guest is emulated, isolated and discarded after minutes, so protections against other guests would only cost
    // time.
    ...['quiet', 'mitigations=off', 'nokaslr', 'audit=0', 'tsc=reliable', 'no_timer_check'],
    ...ofRole,
  ];
}

/**
 * Renders cluster.pkr.hcl: one build with a source for each given role.
 * @throws IngotError unusable-folder for a path that Packer or QEMU would interpret differently
 * @throws IngotError wrong-images for a step with an unusable name
 */
export function renderPacker(templates: Templates, context: PackerContext): string {
  for (const path of [context.guest.sshPrivateKeyFile, ...context.roles.flatMap(pathsOf)]) checkPath(path);
  for (const step of context.roles.flatMap((role) => role.steps)) checkStep(step);
  const { guest } = context;
  return renderFrom(templates, 'packer/cluster.pkr.hcl.hbs', {
    ...context,
    guest: {
      ...guest,
      clock: new Date(guest.epoch * 1000).toISOString().slice(0, 19),
    },
    roles: context.roles.map((role) => ({ ...role, kernelCommandLine: role.kernelArguments.join(' ') })),
  });
}

function pathsOf(role: PackerRole): readonly string[] {
  return [role.buildDisk, role.kernel, role.initrd, role.seedFolder, role.outputFolder, role.serialLog];
}

// Packer reads *?[ in cd_files as a pattern, and puts paths into QEMU's -drive option, where a comma ends them.
function checkPath(path: string): void {
  if (path.startsWith('/') && !/[*?[\],\p{Cc}]/u.test(path)) return;
  throw new IngotError({
    code: 'unusable-folder',
    message: `Packer and QEMU cannot use this path as it is: ${JSON.stringify(path)}`,
    hint: 'Choose a work folder with an absolute path and without commas, brackets, * and ?.',
  });
}

// A step's name becomes a word of a shell command in the build file that people review.
function checkStep(name: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) return;
  throw new IngotError({
    code: 'wrong-images',
    message: `this cannot be the name of a step: ${JSON.stringify(name)}`,
    hint: 'Name the folder NN-name, with letters, digits, dots and dashes.',
  });
}
