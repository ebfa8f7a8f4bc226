import { IngotError } from '../host/ingot-error.ts';
import type { Role } from '../inputs/plan/plan.ts';
import { renderFrom, type Templates } from './templates.ts';

/** One role's build guest. All paths are absolute paths of the build host. */
export interface PackerRole {
  readonly name: Role;
  /** A squashfs; /dev/vda in the guest. */
  readonly buildDisk: string;
  readonly kernel: string;
  readonly initrd: string;
  /** The whole kernel command line, in words: see buildKernelArguments. */
  readonly kernelArguments: readonly string[];
  /** Holds user-data, meta-data and the folder ingot/ (guest scripts, host-key, and steps/NN-name): what goes onto the guest's CD. */
  readonly seedFolder: string;
  /** Must not exist yet. Packer makes `disk` and, the export, `disk-1` in it. */
  readonly outputFolder: string;
  /** The guest's console is written here. */
  readonly serialLog: string;
  /** Names of the folders below ingot/steps, in order. */
  readonly steps: readonly string[];
}

/** What one `packer build` needs to know. */
export interface PackerContext {
  readonly packer: {
    /** A constraint such as ">= 1.6.6". */
    readonly requiredVersion: string;
    /** Whether this Packer (1.7 and later) wants its plugins declared. */
    readonly plugins: boolean;
  };
  readonly guest: {
    readonly accelerator: 'kvm' | 'tcg';
    /** A value of QEMU's -accel. */
    readonly accelOptions: string;
    /** A value of QEMU's -sandbox. */
    readonly sandbox: string;
    /** The user that QEMU becomes (-runas); "" for who started it. */
    readonly runAs: string;
    /** A value of QEMU's -machine type=, without options. */
    readonly machine: string;
    /** A value of QEMU's -cpu. */
    readonly cpu: string;
    readonly cpus: number;
    readonly memoryMiB: number;
    /** The most that booting, and then all steps of a role, may take. */
    readonly timeoutMinutes: number;
    /** The guest's clock starts here: seconds since 1970. */
    readonly epoch: number;
    /** Size of the disk that takes the export. */
    readonly exportMiB: number;
    /** Private half of the key that the seed gives to root. */
    readonly sshPrivateKeyFile: string;
    /** The upper layer of the guest's root, as its initrd leaves it. */
    readonly upperFolder: string;
  };
  readonly roles: readonly PackerRole[];
}

/** Where the initrd of a build guest leaves the overlay's upper layer. */
export const buildUpperFolder = '/run/ingot/overlay/upper';

/** The kernel command line of a build guest: its console, what makes its boot short, then the role's own arguments. */
export function buildKernelArguments(ofRole: readonly string[]): readonly string[] {
  return [
    'console=ttyS0,115200n8',
    'panic=1',
    // An emulated guest without neighbours, thrown away after minutes: what guards against others only costs time.
    ...['quiet', 'mitigations=off', 'nokaslr', 'audit=0', 'tsc=reliable', 'no_timer_check'],
    ...ofRole,
  ];
}

/**
 * cluster.pkr.hcl: one build with a source for each role given.
 * @throws IngotError unusable-folder for a path that Packer or QEMU would read as something else
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

// Packer takes *?[ in cd_files as a pattern, and puts paths into QEMU's -drive, where a comma ends them.
function checkPath(path: string): void {
  if (path.startsWith('/') && !/[*?[\],\p{Cc}]/u.test(path)) return;
  throw new IngotError({
    code: 'unusable-folder',
    message: `Packer and QEMU cannot use this path as it is: ${JSON.stringify(path)}`,
    hint: 'Choose a work folder with an absolute path and without commas, brackets, * and ?.',
  });
}

// A step's name is a word of a shell command in the build file that people review.
function checkStep(name: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) return;
  throw new IngotError({
    code: 'wrong-images',
    message: `this cannot be the name of a step: ${JSON.stringify(name)}`,
    hint: 'Name the folder NN-name, with letters, digits, dots and dashes.',
  });
}
