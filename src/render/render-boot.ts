import type { RolePlan } from '../inputs/plan/plan.ts';
import { renderFrom, type Templates } from './templates.ts';

/** What the kernel of an image is told, however the image is booted. */
export interface BootContext {
  /** What menus show, one word, as in ingot-master-20261122-0123456789ab. */
  readonly title: string;
  readonly version: string;
  /** dm-verity root hash, lower-case hex. */
  readonly rootHash: string;
  /** The role's own kernel arguments. */
  readonly kernelArguments: readonly string[];
}

/** What the kernel of a role's version is told. */
export function bootContextOf(
  { role, kernelArguments }: Pick<RolePlan, 'role' | 'kernelArguments'>,
  { version, rootHash }: Pick<BootContext, 'version' | 'rootHash'>,
): BootContext {
  return { title: `ingot-${role}-${version}`, version, rootHash, kernelArguments };
}

/** The kernel arguments of an image: where it talks, when it starts again, and what the role wants. */
export function imageArguments({
  version,
  kernelArguments,
}: Pick<BootContext, 'version' | 'kernelArguments'>): readonly string[] {
  const talk = ['console=tty0', 'console=ttyS0,115200n8'];
  return [`ingot.version=${version}`, ...talk, 'panic=30', ...kernelArguments];
}

/** grub.cfg for the ESP with this FAT volume id (GRUB's and blkid's form: ABCD-1234); the same for every image that is ever put onto the disk. */
export function renderGrub(templates: Templates, espId: string): string {
  return renderFrom(templates, 'boot/grub.cfg.hbs', { espId });
}

/**
 * slot.cfg: what grub.cfg is told of one slot.
 * @throws IngotError wrong-template for arguments that GRUB would change
 */
export function renderSlot(templates: Templates, context: BootContext): string {
  const kernelArguments = [`ingot.roothash=${context.rootHash}`, ...imageArguments(context)];
  return renderFrom(templates, 'boot/slot.cfg.hbs', { ...context, kernelArguments });
}
