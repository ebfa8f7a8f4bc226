import { basename, join } from 'node:path';
import type { RolePlan } from '../../inputs/plan/plan.ts';
import type { Templates } from '../../render/templates.ts';
import type { ComposedTree } from '../build/composed-tree.ts';
import {
  belowProject,
  dateInput,
  digest,
  projectFiles,
  renderedTexts,
  settingInputs,
} from '../keys/input-labels.ts';
import { packPrograms } from '../keys/program-groups.ts';
import { composeOptions, packedTree, treeFolder } from './composing.ts';
import { packages } from './packages.ts';
import type { StageDefinition, StageWorkspace } from './stage-definition.ts';
import { metaOf, valueOf } from './stage-meta.ts';

interface TreeGiven {
  readonly role: RolePlan;
  readonly templates: Templates;
  /** Absolute path of the tree with the role's packages, which is changed in place. */
  readonly packages: string;
}

/** What the cache stores in addition to the files. */
interface TreeMeta {
  readonly standIns: readonly string[];
  /** Names in the tree's /boot. */
  readonly kernel: string;
  readonly initrd: string;
}

const names = { kernel: 'vmlinuz', initrd: 'initrd.img' } as const;

/** Removes from a tree what the plan leaves out. */
async function leaveOutOf(
  { role, packages: tree }: TreeGiven,
  { plan, progress }: StageWorkspace,
): Promise<void> {
  const { leaveOut = [] } = role;
  if (leaveOut.length === 0) return;
  const { leaveOut: remove } = await import('../compose/leave-out.ts');
  const { neededPaths } = await import('../compose/needed-paths.ts');
  const needed = await neededPaths(plan, role, tree);
  await remove({ tree, role: role.role, leaveOut, needed, say: progress.note });
}

/**
 * Adds everything else to the packages: layers, files generated from the plan, the user's own files, compose.d, initrd;
 * packs the tree for Packer.
 */
export const tree: StageDefinition<TreeGiven, ComposedTree> = {
  name: 'tree',
  after: [packages],
  programs: ['coreutils', 'dpkg', 'libcap2-bin', 'tar', 'util-linux', ...packPrograms],
  writtenByNode: true,
  // Texts that no other stage uses go into the tree, and so into all later stages.
  rendered: [''],
  renderedName: (path, role) => path.replace(`node/${role}/`, '/'),
  // The settings repeat in readable form what the digests cover.
  inputs: (material, role) => {
    const { plan } = material;
    const layers = role.layers.map((layer) => belowProject(material, layer));
    // Files of the spec have labels of their own, and replace rendered ones.
    const ofSpec = new Set(role.files.map(({ path }) => `rendered ${path}`));
    const rendered = Object.entries(renderedTexts(material, role, 'tree'));
    const whys = (what: string, list: RolePlan['setuid'] = []) =>
      list.map(({ path, why }) => [`${what} ${path}`, why] as const);
    return {
      ...projectFiles(material, ...layers.map((layer) => `${layer}/`), 'templates/node/'),
      ...Object.fromEntries(
        role.files.map(({ path, mode, content }) => [
          `file ${path} of the spec`,
          `${mode} ${digest(content)}`,
        ]),
      ),
      ...settingInputs({
        layers: layers.join(' '),
        layout: plan.layout,
        scheduler: plan.scheduler,
        suite: plan.base.suite,
        architecture: plan.base.architecture,
        date: dateInput(plan),
        'units on': role.unitsOn.join(' '),
        'units masked': role.unitsMasked.join(' '),
        'kernel arguments': role.kernelArguments.join(' '),
        'updates.confirmMinutes': String(plan.confirmMinutes),
        modules: (role.modules ?? []).join(' '),
        ...Object.fromEntries([...whys('left out', role.leaveOut), ...whys('set-user-id', role.setuid)]),
        ...Object.fromEntries(Object.entries(role.sysctls).map(([name, value]) => [`sysctl ${name}`, value])),
      }),
      ...Object.fromEntries(rendered.filter(([label]) => !ofSpec.has(label))),
    };
  },
  title: 'compose',
  make: async (given, work) => {
    const { finishTree } = await import('../compose/finish-tree.ts');
    const { buildDisk } = await import('../compose/build-disk.ts');
    const { renderNodeFiles } = await import('../../render/render-node-files.ts');
    const { toolVersion } = await import('../../inputs/plan/tool-version.ts');
    const { role, templates, packages: folder } = given;
    const { host, plan, run } = work;
    await leaveOutOf(given, work);
    const files = (standIns: readonly string[]) => [
      ...renderNodeFiles(templates, plan, role.role, { tool: toolVersion, standIns }),
      ...role.files,
    ];
    const composed = await finishTree(host, { plan, role, tree: folder, files }, composeOptions(work));
    const disk = await buildDisk(
      host,
      { tree: folder, role: role.role, folder: join(run.work, role.role) },
      composeOptions(work),
    );
    return { ...composed, disk };
  },
  keep: ({ disk, kernel, initrd, standIns }) => ({
    files: { [packedTree]: disk, [names.kernel]: kernel, [names.initrd]: initrd },
    meta: metaOf({ standIns, kernel: basename(kernel), initrd: basename(initrd) } satisfies TreeMeta),
  }),
  // Packer boots it as it is; meanwhile it is unpacked for the seal.
  restore: ({ folder, meta }, work) => {
    const { standIns, kernel, initrd } = valueOf(meta) as TreeMeta;
    return {
      tree: treeFolder(work),
      kernel: join(folder, names.kernel),
      initrd: join(folder, names.initrd),
      disk: join(folder, packedTree),
      standIns,
      packed: { kernel, initrd },
    };
  },
};

/** Unpacks a tree that was taken from the cache, for the seal. A composed tree already exists. */
export async function unpackComposed(
  { tree: folder, disk, kernel, initrd, packed }: ComposedTree,
  { host, run, signal }: Pick<StageWorkspace, 'host' | 'run' | 'signal'>,
): Promise<void> {
  if (packed === undefined) return;
  const { placeBootFiles, unpackTree } = await import('../compose/tree-file.ts');
  await unpackTree(host, disk, folder, { workFolder: run.work, logFolder: run.logs, signal });
  await placeBootFiles(folder, [
    { name: packed.kernel, file: kernel },
    { name: packed.initrd, file: initrd },
  ]);
}
