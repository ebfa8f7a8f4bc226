import type { Role } from '../inputs/plan/plan.ts';
import type { Firmware } from '../vm/node.ts';

/** How a bake boots its disks: each way once, since both disks are assembled alike. */
export const bakeFirmware: Readonly<Record<Role, Firmware>> = { master: 'uefi', slave: 'bios' };

/** How `ingot boot-test SPEC` boots them: both by one firmware, or each as the bake did not. */
export function firmwareFor(wanted: Firmware | 'other'): Readonly<Record<Role, Firmware>> {
  return wanted === 'other' ? { master: 'bios', slave: 'uefi' } : { master: wanted, slave: wanted };
}
