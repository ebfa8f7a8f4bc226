import type { Plan, RolePlan } from '../inputs/plan/plan.ts';
import { targetsOf } from '../inputs/targets/all-targets.ts';
import { packerBlock, packerGuest } from './packer-guest.ts';
import { oldestPacker, type PackerRelease } from './packer-release.ts';
import { renderGrub, renderSlot } from './render-boot.ts';
import { renderBuildSeed } from './render-build-seed.ts';
import { renderNodeFiles } from './render-node-files.ts';
import { renderNodeSeed } from './render-node-seed.ts';
import { buildKernelArguments, type PackerRole, renderPacker } from './render-packer.ts';
import { imageFactsOf, renderTarget } from './render-target.ts';
import { type RenderedFile, type Templates, templateText } from './templates.ts';

/** The guest's scripts of a bake: static files of templates/packer/guest, for the folder ingot/ of the CD. */
export const guestScripts = ['init', 'seed-key', 'answer', 'run-step', 'export-changes'] as const;

/** The init program of the build guest's initrd, also in templates/packer/guest. */
export const initrdScript = 'initrd-init';

/** Values that are known only during a bake or for a cluster: texts in upper case, and a disk of 1 GiB. */
export const placeholder = {
  run: '/RUN-FOLDER',
  authorizedKey: 'ssh-ed25519 PUBLIC-KEY-OF-THE-BAKE',
  version: 'VERSION',
  espId: 'ESP-ID',
  rootHash: 'ROOT-HASH',
  diskBytes: 1024 ** 3,
  release: { tool: 'TOOL-VERSION', standIns: ['STAND-INS-OF-THE-IMAGE'] },
};

/**
 * Renders everything that is generated from a plan, for reading and review. The files are sorted by path, and the same
 * plan gives the same bytes.
 * @param release of the Packer that reads the template; without one, that of Debian 12
 * @throws IngotError wrong-template that names file, line and column of a template that does not fit
 */
export function renderAll(
  plan: Plan,
  templates: Templates,
  release: PackerRelease = oldestPacker,
): readonly RenderedFile[] {
  const packer = renderPacker(templates, {
    packer: packerBlock(release),
    guest: packerGuest(plan, {
      accelerator: 'tcg',
      // During a bake this depends on the host (src/vm/qemu-machine.ts).
      accelOptions: 'tcg,thread=multi',
      sandbox: 'on',
      runAs: 'nobody',
      cpu: 'qemu64',
      sshPrivateKeyFile: `${placeholder.run}/ssh-key`,
    }),
    roles: plan.roles.map(packerRole),
  });
  const { cluster, masters, data, seed: settings } = plan;
  const seed = { cluster, masters, operatorKeys: [], data, network: null, settings };
  const files = [
    { path: 'packer/cluster.pkr.hcl', content: packer },
    ...[...guestScripts, initrdScript].map((name) => ({
      path: `packer/guest/${name}`,
      content: templateText(templates, `packer/guest/${name}`),
    })),
    ...below('cloud-init/node', renderNodeSeed(templates, seed)),
    ...plan.roles.flatMap((role) => ofRole(plan, role, templates)),
  ];
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function packerRole(plan: RolePlan): PackerRole {
  const folder = `${placeholder.run}/${plan.role}`;
  return {
    name: plan.role,
    buildDisk: `${folder}/root.squashfs`,
    kernel: `${folder}/vmlinuz`,
    initrd: `${folder}/initrd.img`,
    kernelArguments: buildKernelArguments(plan.kernelArguments),
    seedFolder: `${folder}/seed`,
    outputFolder: `${folder}/packer`,
    serialLog: `${folder}/console.log`,
    steps: plan.steps.map((step) => step.name),
  };
}

function ofRole(plan: Plan, rolePlan: RolePlan, templates: Templates): readonly RenderedFile[] {
  const { role, kernelArguments, memoryMiB } = rolePlan;
  const { authorizedKey, version, espId, rootHash, release } = placeholder;
  const image = { title: `ingot-${role}-${version}`, version, rootHash, kernelArguments };
  const facts = imageFactsOf(rolePlan, { version, rootHash, memoryMiB, diskBytes: placeholder.diskBytes });
  const generated = renderNodeFiles(templates, plan, role, release);
  return [
    ...below(`cloud-init/build/${role}`, renderBuildSeed(templates, { role, authorizedKey })),
    { path: `boot/${role}/grub.cfg`, content: renderGrub(templates, espId) },
    { path: `boot/${role}/slot.cfg`, content: renderSlot(templates, image) },
    ...targetsOf(plan.targets).flatMap((target) =>
      renderTarget(templates, target, facts).map(({ folder, name, content }) => ({
        path: `${folder}/${role}/${name}`,
        content,
      })),
    ),
    ...[...generated, ...rolePlan.files].map(({ path, content, mode }) => ({
      path: `node/${role}${path}`,
      content,
      mode,
    })),
  ];
}

function below(folder: string, files: readonly RenderedFile[]): readonly RenderedFile[] {
  return files.map(({ path, content }) => ({ path: `${folder}/${path}`, content }));
}
