import type { Accelerator } from './accelerator.ts';

export interface QemuMachine {
  readonly accelerator: Accelerator;
  readonly cpus: number;
  readonly memoryMiB: number;
}

/** The -accel argument: under emulation two threads and a large cache of translated code make boots faster. */
export function accelArgument(accelerator: Accelerator): string {
  return accelerator === 'kvm' ? 'kvm' : 'tcg,thread=multi,tb-size=1024';
}

/** The -cpu argument: under emulation a plain model boots faster than "max" (36 s against 41 s when it was measured). */
export function cpuArgument(accelerator: Accelerator): string {
  return accelerator === 'kvm' ? 'host' : 'Nehalem';
}

/** A value inside an option of several: a comma in it is doubled (qemu(1), "-drive"). */
export function optionValue(text: string): string {
  return text.replaceAll(',', ',,');
}

/** What every guest of ours is started with: no window, no default devices but what is named. */
export function machineArguments(machine: QemuMachine): string[] {
  return [
    ...['-accel', accelArgument(machine.accelerator), '-cpu', cpuArgument(machine.accelerator)],
    ...['-smp', String(machine.cpus), '-m', String(machine.memoryMiB)],
    ...['-nodefaults', '-display', 'none', '-no-reboot'],
  ];
}
