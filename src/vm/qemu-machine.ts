import type { Accelerator } from './accelerator.ts';

export interface QemuMachine {
  readonly accelerator: Accelerator;
  readonly cpus: number;
  readonly memoryMiB: number;
  /** A guest that restarts goes on in the same machine, as on real hardware; otherwise the machine ends. */
  readonly restarts?: boolean;
}

/** The -accel argument: under emulation two threads and a large cache of translated code make boots faster. */
export function accelArgument(accelerator: Accelerator): string {
  return accelerator === 'kvm' ? 'kvm' : 'tcg,thread=multi,tb-size=1024';
}

/**
 * The -cpu argument. Under emulation an AMD model saves a fifth of a boot's work: it needs no page table isolation, whose every system call
 * makes QEMU forget its translations of addresses (107 to 112 s of processor time for a slave's boot, against 132 to 137 s with Nehalem).
 */
export function cpuArgument(accelerator: Accelerator): string {
  return accelerator === 'kvm' ? 'host' : 'qemu64';
}

/** A value inside an option of several: a comma in it is doubled (qemu(1), "-drive"). */
export function optionValue(text: string): string {
  return text.replaceAll(',', ',,');
}

/** The first serial line, appended to a file, which others may cut meanwhile. */
export function serialToFile(file: string): string[] {
  return ['-chardev', `file,id=console,append=on,path=${optionValue(file)}`, '-serial', 'chardev:console'];
}

/** With what rights QEMU goes on once its files are open (qemu(1), -sandbox and -runas). */
export interface Confinement {
  /** A value of -sandbox: which system calls are denied. */
  readonly sandbox: string;
  /** The user that it becomes; "" where it is an ordinary user's already. */
  readonly runAs: string;
}

/**
 * A guest that breaks out of QEMU starts no program, and is not root: where we are, QEMU becomes nobody as soon as its disks, sockets and /dev/kvm are
 * open. The filter cannot deny changing the user then, which nobody has no rights for.
 */
export function confinement(root: boolean = process.getuid?.() === 0): Confinement {
  const denied = 'on,obsolete=deny,spawn=deny,resourcecontrol=deny';
  return root
    ? { sandbox: denied, runAs: 'nobody' }
    : { sandbox: `${denied},elevateprivileges=deny`, runAs: '' };
}

/** The arguments of a confinement. */
export function confinementArguments({ sandbox, runAs }: Confinement): string[] {
  return ['-sandbox', sandbox, ...(runAs === '' ? [] : ['-runas', runAs])];
}

/** What every guest of ours is started with: no window, no default devices but what is named. */
export function machineArguments(machine: QemuMachine): string[] {
  return [
    ...['-accel', accelArgument(machine.accelerator), '-cpu', cpuArgument(machine.accelerator)],
    ...['-smp', String(machine.cpus), '-m', String(machine.memoryMiB)],
    ...['-nodefaults', '-display', 'none'],
    ...(machine.restarts === true ? [] : ['-no-reboot']),
  ];
}

/**
 * The command that starts a guest. An emulated one is a batch process (sched(7), SCHED_BATCH): QEMU's own thread wakes 300 times a second, and
 * would each time take the processor from another guest. Of five guests on two processors that are 3,500 switches a second, and 1,300 so.
 */
export function machineCommand(
  machine: QemuMachine,
  args: readonly string[],
): { readonly program: string; readonly args: readonly string[] } {
  const qemu = 'qemu-system-x86_64';
  return machine.accelerator === 'kvm'
    ? { program: qemu, args }
    : { program: 'chrt', args: ['--batch', '0', qemu, ...args] };
}
