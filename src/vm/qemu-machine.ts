import type { Accelerator } from './accelerator.ts';

export interface QemuMachine {
  readonly accelerator: Accelerator;
  readonly cpus: number;
  readonly memoryMiB: number;
  /** If true, the machine survives a restart of the guest, as real hardware does; if not, the machine ends. */
  readonly restarts?: boolean;
}

/** The -accel argument. Under emulation, two threads and a large cache of translated code make boots faster. */
export function accelArgument(accelerator: Accelerator): string {
  return accelerator === 'kvm' ? 'kvm' : 'tcg,thread=multi,tb-size=1024';
}

/**
 * The -cpu argument. Under emulation an AMD model saves a fifth of a boot's work: it needs no page table isolation,
 * which makes QEMU discard its address translations at every system call. A slave's boot takes 107 to 112 s of
 * processor time, and 132 to 137 s with Nehalem.
 */
export function cpuArgument(accelerator: Accelerator): string {
  return accelerator === 'kvm' ? 'host' : 'qemu64';
}

/** Escapes a value inside an option of several values: commas are doubled (qemu(1), "-drive"). */
export function optionValue(text: string): string {
  return text.replaceAll(',', ',,');
}

/** Arguments for the first serial line, which is appended to a file. Others may truncate the file meanwhile. */
export function serialToFile(file: string): string[] {
  return ['-chardev', `file,id=console,append=on,path=${optionValue(file)}`, '-serial', 'chardev:console'];
}

/** The rights that QEMU keeps once its files are open (qemu(1), -sandbox and -runas). */
export interface Confinement {
  /** A value of -sandbox that sets which system calls are denied. */
  readonly sandbox: string;
  /** The user that QEMU switches to; "" if an ordinary user runs it already. */
  readonly runAs: string;
}

/**
 * Chooses the confinement. A guest that breaks out of QEMU can start no program and is not root: QEMU started by root
 * becomes nobody as soon as its disks, sockets and /dev/kvm are open. In that case the filter cannot deny changing the
 * user, but nobody has no rights to do so.
 */
export function confinement(root: boolean = process.getuid?.() === 0): Confinement {
  const denied = 'on,obsolete=deny,spawn=deny,resourcecontrol=deny';
  return root
    ? { sandbox: denied, runAs: 'nobody' }
    : { sandbox: `${denied},elevateprivileges=deny`, runAs: '' };
}

/** QEMU's arguments for a confinement. */
export function confinementArguments({ sandbox, runAs }: Confinement): string[] {
  return ['-sandbox', sandbox, ...(runAs === '' ? [] : ['-runas', runAs])];
}

/** The arguments that all guests share: no window, and no devices except those that are named. */
export function machineArguments(machine: QemuMachine): string[] {
  return [
    ...['-accel', accelArgument(machine.accelerator), '-cpu', cpuArgument(machine.accelerator)],
    ...['-smp', String(machine.cpus), '-m', String(machine.memoryMiB)],
    ...['-nodefaults', '-display', 'none'],
    ...(machine.restarts === true ? [] : ['-no-reboot']),
  ];
}

/**
 * The command that starts a guest. An emulated guest runs as a batch process (sched(7), SCHED_BATCH), because QEMU's
 * own thread wakes 300 times a second and would each time preempt another guest. With five guests on two processors
 * this lowers the context switches from 3,500 to 1,300 a second.
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
