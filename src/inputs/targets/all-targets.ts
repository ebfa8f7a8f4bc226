import { ec2 } from './ec2.ts';
import { iso } from './iso.ts';
import { maas } from './maas.ts';
import { netboot } from './netboot.ts';
import { ova } from './ova.ts';
import { qcow2 } from './qcow2.ts';
import { raw } from './raw.ts';
import type { Target } from './target.ts';
import { vhd } from './vhd.ts';
import { vmdk } from './vmdk.ts';

const all = [qcow2, raw, netboot, ec2, vmdk, vhd, ova, maas, iso] as const;

/** Every target, in the order in which a plan lists them and a boot test looks for a disk. */
export const allTargets: readonly Target[] = all;

export type TargetName = (typeof all)[number]['name'];

/** The values that `targets` of cluster.yaml may contain. */
export const targetNames = all.map(({ name }) => name) as [TargetName, ...TargetName[]];

/** The target of a spec that names none. */
export const defaultTarget: TargetName = qcow2.name;

/** Returns the records of the named targets, in the order of allTargets. */
export function targetsOf(names: readonly TargetName[]): readonly Target[] {
  return all.filter(({ name }) => names.includes(name));
}
