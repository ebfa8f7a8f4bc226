import { link, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadTemplates } from '../../src/inputs/load-templates.ts';
import type { Role } from '../../src/inputs/plan/plan.ts';
import { netboot } from '../../src/inputs/targets/netboot.ts';
import { imageFactsOf, renderTargets } from '../../src/render/render-target.ts';
import { bootRecord } from './boot-record.ts';

const templates = await loadTemplates('templates');

/** Puts a version of a role into a store, as far as network boot needs it: its files contain a few bytes. */
export async function storeVersion(out: string, role: Role, version: string): Promise<string> {
  const folder = join(out, role, version);
  await mkdir(join(folder, 'netboot'), { recursive: true });
  await writeFile(join(folder, 'boot.json'), JSON.stringify(bootRecord({ role, version })));
  for (const name of ['vmlinuz', 'initrd.img', 'root.squashfs', 'root.verity']) {
    await writeFile(join(folder, name), `${name} of ${role} ${version}\n`.repeat(1000));
    await link(join(folder, name), join(folder, 'netboot', name));
  }
  const image = imageFactsOf(
    { role, kernelArguments: [] },
    { version, rootHash: 'ab12', memoryMiB: 1024, diskBytes: 0 },
  );
  for (const { path, content } of renderTargets(templates, [netboot], image))
    await writeFile(join(folder, path), content);
  await symlink(version, join(out, role, 'latest'));
  return folder;
}
