import { expect, test } from 'vitest';
import {
  confinement,
  confinementArguments,
  machineArguments,
  machineCommand,
  optionValue,
} from '../../../src/vm/qemu-machine.ts';

test('a guest has no window, only the named devices, and uses the accelerator of the test boot', () => {
  const kvm = machineArguments({ accelerator: 'kvm', cpus: 2, memoryMiB: 1024 }).join(' ');
  expect(kvm).toBe('-accel kvm -cpu host -smp 2 -m 1024 -nodefaults -display none -no-reboot');
  const tcg = machineArguments({ accelerator: 'tcg', cpus: 1, memoryMiB: 512 }).join(' ');
  expect(tcg).toMatch(/^-accel tcg,thread=multi\S* -cpu qemu64 -smp 1 -m 512 /);
});

test('a path with commas stays one value of an option', () => {
  expect(`file=${optionValue('/a,b/,c')},format=raw`).toBe('file=/a,,b/,,c,format=raw');
});

test('emulated guests do not take the processor from each other at every tick; with KVM nothing is changed', () => {
  const machine = { cpus: 1, memoryMiB: 512 };
  expect(machineCommand({ ...machine, accelerator: 'tcg' }, ['-smp', '1'])).toEqual({
    program: 'chrt',
    args: ['--batch', '0', 'qemu-system-x86_64', '-smp', '1'],
  });
  expect(machineCommand({ ...machine, accelerator: 'kvm' }, ['-smp', '1'])).toEqual({
    program: 'qemu-system-x86_64',
    args: ['-smp', '1'],
  });
});

test('a guest of root runs as nobody and cannot start programs; a guest of another user cannot become another user', () => {
  const asRoot = confinementArguments(confinement(true));
  expect(asRoot.slice(-2)).toEqual(['-runas', 'nobody']);
  expect(asRoot[1]).toContain('spawn=deny');
  const asUser = confinementArguments(confinement(false)).join(' ');
  expect(asUser).toMatch(/^-sandbox \S*elevateprivileges=deny$/);
});
