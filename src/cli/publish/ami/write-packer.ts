import { resolve } from 'node:path';
import { exitCodes } from '../../../host/ingot-error.ts';
import { projectFolder } from '../../../host/project-folder.ts';
import { type NewFile, writeNewFiles } from '../../../host/write-new-files.ts';
import { loadTemplates } from '../../../inputs/load-templates.ts';
import { packerHasPlugins, packerSource } from '../../../publish/ami/packer-source.ts';
import { withProgress } from '../../progress/progress.ts';
import type { World } from '../../world.ts';
import { admittedVersions, withRawDisk } from './materials.ts';
import type { PublishAmiInput } from './options.ts';
import { regionOf, requestsOf } from './requests.ts';

/** ingot publish ami --packer: verifies versions and writes the sources with which Packer itself makes their images. */
export async function writePacker(
  world: World,
  input: PublishAmiInput & { readonly packer: string },
): Promise<number> {
  const { host, cwd } = world;
  const region = await regionOf(world.env, input.region);
  const plugins = await packerHasPlugins(host);
  const templates = await loadTemplates(`${projectFolder}/templates`);
  const view = { stream: world.stream, quiet: input.quiet, now: () => host.now() };
  const files = await withProgress(view, async (progress) => {
    const versions = await admittedVersions(world, input, progress);
    const rendered: NewFile[] = [];
    for (const { request, folder } of await requestsOf(world, input, { region, versions }))
      rendered.push({
        path: `${request.role}.pkr.hcl`,
        content: await withRawDisk(world, { folder, progress }, (disk) =>
          packerSource(templates, request, { folder, disk, plugins, now: host.now() }),
        ),
      });
    return rendered;
  });
  const { written } = await writeNewFiles(resolve(cwd, input.packer), files);
  for (const file of written) world.out(`${file}\n`);
  if (!plugins)
    world.err('for a Packer before 1.7, whose images boot only by BIOS: a current one adds UEFI\n');
  world.err(`run: packer ${plugins ? 'init' : 'validate'} ${input.packer} && packer build ${input.packer}\n`);
  return exitCodes.done;
}
