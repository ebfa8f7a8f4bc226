import type { RolePlan } from '../inputs/plan/plan.ts';
import { renderFrom, type Templates } from './templates.ts';

/** What an image passes to its kernel, with every boot method. */
export interface BootContext {
  /** The title in boot menus, one word, as in ingot-master-20261122-0123456789ab. */
  readonly title: string;
  readonly version: string;
  /** dm-verity root hash, lower-case hex. */
  readonly rootHash: string;
  /** The role's own kernel arguments. */
  readonly kernelArguments: readonly string[];
}

/** Returns what a role's version passes to its kernel. */
export function bootContextOf(
  { role, kernelArguments }: Pick<RolePlan, 'role' | 'kernelArguments'>,
  { version, rootHash }: Pick<BootContext, 'version' | 'rootHash'>,
): BootContext {
  return { title: `ingot-${role}-${version}`, version, rootHash, kernelArguments };
}

/** The kernel arguments of an image: its consoles, when it reboots after a panic, and the role's own arguments. */
export function imageArguments({
  version,
  kernelArguments,
}: Pick<BootContext, 'version' | 'kernelArguments'>): readonly string[] {
  const talk = ['console=tty0', 'console=ttyS0,115200n8'];
  return [`ingot.version=${version}`, ...talk, 'panic=30', ...kernelArguments];
}

/**
 * Renders grub.cfg for the ESP with this FAT volume id (in the form of GRUB and blkid: ABCD-1234). It is the same for
 * every image on the disk.
 */
export function renderGrub(templates: Templates, espId: string): string {
  return renderFrom(templates, 'boot/grub.cfg.hbs', { espId });
}

/**
 * Renders slot.cfg: the settings of one slot that grub.cfg reads.
 * @throws IngotError wrong-template for arguments that GRUB would change
 */
export function renderSlot(templates: Templates, context: BootContext): string {
  const kernelArguments = [`ingot.roothash=${context.rootHash}`, ...imageArguments(context)];
  return renderFrom(templates, 'boot/slot.cfg.hbs', { ...context, kernelArguments });
}
