import { type Role, roles } from '../inputs/roles.ts';
import type { Firmware } from '../vm/node.ts';

const eachRole = (firmwareOf: (role: Role) => Firmware): Readonly<Record<Role, Firmware>> => ({
  master: firmwareOf('master'),
  slave: firmwareOf('slave'),
});

/** How a bake boots its disks. */
export const bakeFirmware = eachRole((role) => roles[role].bootTest.firmware);

/** The firmware that is not this one. */
export function otherFirmware(firmware: Firmware): Firmware {
  return firmware === 'bios' ? 'uefi' : 'bios';
}

/** How `ingot boot-test SPEC` boots them: both by one firmware, or each as the bake did not. */
export function firmwareFor(wanted: Firmware | 'other'): Readonly<Record<Role, Firmware>> {
  return eachRole((role) => (wanted === 'other' ? otherFirmware(bakeFirmware[role]) : wanted));
}
