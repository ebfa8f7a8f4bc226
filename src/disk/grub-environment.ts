import type { Host } from '../host/host.ts';

/** Writes GRUB's environment block of a new disk: slot a boots, nothing is tried (grub-editenv(1); 1024 bytes, which GRUB writes in place). */
export async function writeGrubEnvironment(host: Host, file: string): Promise<void> {
  await host.run('grub-editenv', [file, 'create']);
  await host.run('grub-editenv', [file, 'set', 'ingot_slot=a', 'ingot_try=', 'ingot_tried=']);
}
