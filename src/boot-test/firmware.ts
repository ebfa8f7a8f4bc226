import { type Role, roles } from '../inputs/roles.ts';
import type { Firmware } from '../vm/node.ts';

const eachRole = (firmwareOf: (role: Role) => Firmware): Readonly<Record<Role, Firmware>> => ({
  master: firmwareOf('master'),
  slave: firmwareOf('slave'),
});

/** The firmware that a bake boots each role's disk with. */
export const bakeFirmware = eachRole((role) => roles[role].bootTest.firmware);

/** The other of the two kinds of firmware. */
export function otherFirmware(firmware: Firmware): Firmware {
  return firmware === 'bios' ? 'uefi' : 'bios';
}

/**
 * The firmware for each role in `ingot boot-test SPEC`: one kind for both roles, or for each role the kind that the
 * bake did not use.
 */
export function firmwareFor(wanted: Firmware | 'other'): Readonly<Record<Role, Firmware>> {
  return eachRole((role) => (wanted === 'other' ? otherFirmware(bakeFirmware[role]) : wanted));
}
