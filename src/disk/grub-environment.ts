import type { Host } from '../host/host.ts';

/**
 * Writes GRUB's environment block of a new disk: slot a boots, and no slot is on trial (grub-editenv(1); 1024 bytes,
 * which GRUB rewrites in place).
 */
export async function writeGrubEnvironment(host: Host, file: string): Promise<void> {
  await host.run('grub-editenv', [file, 'create']);
  await host.run('grub-editenv', [file, 'set', 'ingot_slot=a', 'ingot_try=', 'ingot_tried=']);
}
