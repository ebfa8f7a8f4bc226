import { link, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadTemplates } from '../../src/inputs/load-templates.ts';
import type { Role } from '../../src/inputs/plan/plan.ts';
import { renderNetboot } from '../../src/render/render-boot.ts';
import { bootRecord } from './boot-record.ts';

const templates = await loadTemplates('templates');

/** Puts a version of a role into a store, as far as machines that boot over the network need it: its files hold a few bytes. */
export async function storeVersion(out: string, role: Role, version: string): Promise<string> {
  const folder = join(out, role, version);
  await mkdir(join(folder, 'netboot'), { recursive: true });
  await writeFile(join(folder, 'boot.json'), JSON.stringify(bootRecord({ role, version })));
  for (const name of ['vmlinuz', 'initrd.img', 'root.squashfs', 'root.verity']) {
    await writeFile(join(folder, name), `${name} of ${role} ${version}\n`.repeat(1000));
    await link(join(folder, name), join(folder, 'netboot', name));
  }
  const image = { title: `ingot-${role}-${version}`, version, rootHash: 'ab12', kernelArguments: [] };
  for (const { path, content } of renderNetboot(templates, { ...image, memoryMiB: 1024 }))
    await writeFile(join(folder, 'netboot', path), content);
  await symlink(version, join(out, role, 'latest'));
  return folder;
}
