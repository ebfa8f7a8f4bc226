import { chmod, copyFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { IngotError } from '../errors/ingot-error.ts';
import { sha256File } from '../host/sha256-file.ts';
import type { BootFile } from './manifest.ts';

export interface TakenBootFiles {
  readonly kernel: BootFile;
  readonly initrd: BootFile;
}

/**
 * Copies the kernel and the initrd from the tree's /boot to `outFolder`/vmlinuz and `outFolder`/initrd.img. There has to be exactly one of each, of the
 * same kernel version: which one a node boots must not be a matter of sorting.
 */
export async function takeBootFiles(tree: string, outFolder: string): Promise<TakenBootFiles> {
  const names = await readdir(join(tree, 'boot'));
  const kernels = names.filter((name) => name.startsWith('vmlinuz-'));
  const [kernel, ...others] = kernels;
  const initrd = `initrd.img-${kernel?.slice('vmlinuz-'.length) ?? ''}`;
  if (kernel === undefined || others.length > 0 || !names.includes(initrd)) {
    throw new IngotError({
      code: 'command-failed',
      message: `In /boot of the image there must be one vmlinuz-VERSION and its initrd.img-VERSION; there is: ${names.join(', ') || 'nothing'}.`,
      hint: 'Name one kernel package, and see the log of the composition for update-initramfs.',
    });
  }
  return {
    kernel: await take(join(tree, 'boot', kernel), join(outFolder, 'vmlinuz'), kernel),
    initrd: await take(join(tree, 'boot', initrd), join(outFolder, 'initrd.img'), initrd),
  };
}

async function take(from: string, to: string, name: string): Promise<BootFile> {
  await copyFile(from, to);
  await chmod(to, 0o644);
  return { name, size: (await stat(to)).size, sha256: await sha256File(to) };
}
