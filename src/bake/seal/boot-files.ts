import { createWriteStream, readdirSync } from 'node:fs';
import { chmod, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { lstatBelow, openBelow } from '../../host/below-folder.ts';
import { IngotError } from '../../host/ingot-error.ts';
import { sha256File } from '../../host/sha256-file.ts';
import type { BootFile } from '../../version/manifest.ts';

export interface CopiedBootFiles {
  readonly kernel: BootFile;
  readonly initrd: BootFile;
}

/**
 * Copies the kernel and the initrd from the tree's /boot to `outFolder`/vmlinuz and `outFolder`/initrd.img. There must
 * be exactly one of each, of the same kernel version: which one a node boots must not depend on sorting.
 * @throws IngotError wrong-root when their number differs, or one is a link or not a file
 */
export async function copyBootFiles(tree: string, outFolder: string): Promise<CopiedBootFiles> {
  const names = lstatBelow(tree, '/boot')?.isDirectory() === true ? readdirSync(join(tree, 'boot')) : [];
  const kernels = names.filter((name) => name.startsWith('vmlinuz-'));
  const [kernel, ...others] = kernels;
  const initrd = `initrd.img-${kernel?.slice('vmlinuz-'.length) ?? ''}`;
  if (kernel === undefined || others.length > 0 || !names.includes(initrd)) {
    throw new IngotError({
      code: 'wrong-root',
      message: `In /boot of the image there must be one vmlinuz-VERSION and its initrd.img-VERSION; there is: ${names.join(', ') || 'nothing'}.`,
      hint: 'Name one kernel package, and see the log of the composition for update-initramfs.',
    });
  }
  return {
    kernel: await take(tree, kernel, join(outFolder, 'vmlinuz')),
    initrd: await take(tree, initrd, join(outFolder, 'initrd.img')),
  };
}

async function take(tree: string, name: string, to: string): Promise<BootFile> {
  const file = await openBelow(tree, `/boot/${name}`);
  if (file === undefined) throw new Error(`/boot/${name} went away`);
  // The stream closes the file.
  await pipeline(file.createReadStream(), createWriteStream(to));
  await chmod(to, 0o644);
  return { name, size: (await stat(to)).size, sha256: await sha256File(to) };
}
