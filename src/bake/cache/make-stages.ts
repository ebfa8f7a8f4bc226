import { createHash } from 'node:crypto';
import { type Lock, packagesOf } from '../../inputs/lock/lock.ts';
import { distributionSources } from '../../inputs/lock/source-names.ts';
import type { Plan, Role, RolePlan } from '../../inputs/plan/plan.ts';
import { roles as roleFacts } from '../../inputs/roles.ts';
import { targetsOf } from '../../inputs/targets/all-targets.ts';
import type { BakeStages, RoleStages } from './bake-stages.ts';
import { undecided } from './plan-fields.ts';
import { type Inputs, makeStage, type Stage, type StageName, stageTitle } from './stage.ts';

/** The stages that texts are rendered for. */
export const renderingStages = ['tree', 'changes', 'artifacts', 'verification'] as const;
export type RenderingStage = (typeof renderingStages)[number];

/** The digest of every text that is rendered for a stage, "rendered PATH" → digest: whatever it is made of, it cannot change without its key. */
export type RenderedInputs = Readonly<Record<RenderingStage, Inputs>>;

/** All that the keys of a bake are made of, as values. */
export interface StageMaterial {
  readonly plan: Plan;
  readonly lock: Lock;
  /** Only these roles of the plan. */
  readonly roles: readonly Role[];
  /** How the disk of each role is booted to be proven. */
  readonly firmware: Readonly<Record<Role, string>>;
  /** ingot's own folder, absolute: the plan's paths of images/ lie below it. */
  readonly project: string;
  /** Every file of images/ and templates/: path below the project → whether it can be executed, and its digest. */
  readonly files: ReadonlyMap<string, string>;
  /** Debian package of a program → its version on this host. */
  readonly programs: Readonly<Record<string, string>>;
  /** Digest of ingot's own code. */
  readonly code: string;
  /** What is rendered for the stages of each role, with what only a bake brings along left open. */
  readonly rendered: Readonly<Partial<Record<Role, RenderedInputs>>>;
  /** Version of Node.js, which writes some of the files. */
  readonly node: string;
  /** What the master's disk of the store is, when a slave is baked alone: the key of its stage, or its digest. */
  readonly storedMaster?: string;
}

const unpacking = [
  ...['apt', 'apt-utils', 'coreutils', 'dpkg', 'libcap2-bin'],
  ...['mmdebstrap', 'perl-base', 'tar', 'util-linux'],
];
/** mksquashfs compresses by a library of its own package. */
const packing = ['libzstd1', 'squashfs-tools'];
const emulating = ['qemu-system-x86', 'qemu-utils', 'seabios'];

/** The Debian packages whose programs write or prove what a stage makes. */
const programsOf: Readonly<Record<StageName, readonly string[]>> = {
  shared: [...unpacking, ...packing],
  packages: [...unpacking, ...packing],
  tree: ['coreutils', 'dpkg', 'libcap2-bin', 'tar', 'util-linux', ...packing],
  changes: ['openssh-client', 'packer', ...emulating, 'xorriso'],
  root: ['attr', 'cryptsetup-bin', ...packing],
  artifacts: [
    ...['dosfstools', 'e2fsprogs', 'gdisk', 'grub-common', 'grub-efi-amd64-bin', 'grub-pc-bin'],
    ...['libzstd1', 'mtools', 'qemu-utils', 'zlib1g', 'zstd'],
  ],
  verification: ['openssh-client', 'ovmf', ...emulating, 'xorriso'],
};
/** The templates of the targets. */
const templatesOf = ({ targets }: Plan): readonly string[] =>
  targetsOf(targets).flatMap(({ texts }) => (texts === undefined ? [] : [`templates/${texts.templates}/`]));
/** Stages of which Node.js itself writes files. */
const writtenByNode: readonly StageName[] = ['tree', 'root', 'artifacts'];

const longest = 60;

/** A value as people may read it, or its digest where it is long. */
function short(value: string): string {
  if (value.length <= longest && !value.includes('\n')) return value;
  return createHash('sha256').update(value).digest('hex');
}

function settings(values: Readonly<Record<string, string>>): Inputs {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`setting ${name}`, short(value)]));
}

/** The files whose paths begin so. */
function filesBelow(material: StageMaterial, ...prefixes: readonly string[]): Inputs {
  return Object.fromEntries(
    [...material.files]
      .filter(([path]) => prefixes.some((prefix) => path.startsWith(prefix)))
      .map(([path, value]) => [`file ${path}`, value]),
  );
}

function rendered(material: StageMaterial, { role }: RolePlan, stage: RenderingStage): Inputs {
  return material.rendered[role]?.[stage] ?? {};
}

/** Answers that packages are installed with. */
function answers(debconf: Plan['debconf'] = []): Inputs {
  return settings(
    Object.fromEntries(
      debconf.map(({ package: name, question, type, value }) => [
        `debconf ${name} ${question}`,
        `${type} ${value}`,
      ]),
    ),
  );
}

/** The fixed numbers of users, which packages are installed around. */
function fixedNumbers(material: StageMaterial): Inputs {
  const layers = new Set(material.plan.roles.flatMap((role) => role.layers));
  return filesBelow(
    material,
    ...[...layers].map((layer) => `${layer.slice(material.project.length + 1)}/usr/lib/sysusers.d/`),
  );
}

function packagesIn(material: StageMaterial, group: keyof Lock['packages']): Inputs {
  return Object.fromEntries(
    material.lock.packages[group].map(({ name, version, architecture, sha256 }) => [
      `package ${name}`,
      `${version} ${architecture} ${sha256}`,
    ]),
  );
}

/** Whose packages are not the distribution's: the bill of materials says so. */
function foreignSources({ plan, lock }: StageMaterial, { role }: RolePlan): Inputs {
  const own = distributionSources(plan.base.sources);
  const foreign = packagesOf(lock, ['shared', role]).filter(({ source }) => !own.has(source));
  return settings(Object.fromEntries(foreign.map(({ name, source }) => [`source of ${name}`, source])));
}

/** What every stage has: ingot's code and the programs. */
function common(material: StageMaterial, name: StageName): Inputs {
  return {
    'code of ingot': material.code,
    ...(writtenByNode.includes(name) ? { 'program node': material.node } : {}),
    ...Object.fromEntries(
      programsOf[name].map((program) => [`program ${program}`, material.programs[program] ?? '(none)']),
    ),
  };
}

function dateOf({ epoch }: Plan): string {
  return new Date(epoch * 1000).toISOString();
}

/** What is put onto the tree: layers, what is generated from the plan, the user's own files. The settings say in words what the digests prove. */
function treeInputs(material: StageMaterial, role: RolePlan): Inputs {
  const { plan, project } = material;
  const layers = role.layers.map((layer) => layer.slice(project.length + 1));
  // Files of the spec have words of their own, and take the place of what is rendered.
  const ofSpec = new Set(role.files.map(({ path }) => `rendered ${path}`));
  return {
    ...filesBelow(material, ...layers.map((layer) => `${layer}/`), 'templates/node/'),
    ...Object.fromEntries(
      role.files.map(({ path, mode, content }) => [`file ${path} of the spec`, `${mode} ${digest(content)}`]),
    ),
    ...settings({
      layers: layers.join(' '),
      layout: plan.layout,
      scheduler: plan.scheduler,
      suite: plan.base.suite,
      architecture: plan.base.architecture,
      date: dateOf(plan),
      'units on': role.unitsOn.join(' '),
      'units masked': role.unitsMasked.join(' '),
      'kernel arguments': role.kernelArguments.join(' '),
      'updates.confirmMinutes': String(plan.confirmMinutes),
      modules: (role.modules ?? []).join(' '),
    }),
    ...Object.fromEntries(
      Object.entries(rendered(material, role, 'tree')).filter(([label]) => !ofSpec.has(label)),
    ),
    ...settings(Object.fromEntries((role.leaveOut ?? []).map(({ path, why }) => [`left out ${path}`, why]))),
    ...settings(Object.fromEntries((role.setuid ?? []).map(({ path, why }) => [`set-user-id ${path}`, why]))),
    ...settings(
      Object.fromEntries(Object.entries(role.sysctls).map(([name, value]) => [`sysctl ${name}`, value])),
    ),
  };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function guestInputs(material: StageMaterial, role: RolePlan): Inputs {
  const { guest } = material.plan;
  return settings({
    'guest cpus': String(guest.cpus),
    'guest memory': `${guest.memoryMiB} MiB`,
    'kernel arguments': role.kernelArguments.join(' '),
  });
}

function stagesOf(material: StageMaterial, role: RolePlan, shared: Stage, master: Inputs): RoleStages {
  const { plan, project } = material;
  const make = (name: StageName, on: readonly Stage[], inputs: Inputs): Stage =>
    makeStage(name, role.role, {
      ...Object.fromEntries(on.map((stage) => [`stage ${stageTitle(stage)}`, stage.key])),
      ...inputs,
      ...common(material, name),
    });
  const packages = make('packages', [shared], {
    ...packagesIn(material, role.role),
    ...answers(role.debconf),
    ...settings({ suite: plan.base.suite, date: dateOf(plan) }),
  });
  const tree = make('tree', [packages], treeInputs(material, role));
  const steps = role.steps.map(({ folder }) => `${folder.slice(project.length + 1)}/`);
  const changes = make('changes', [tree], {
    ...filesBelow(material, ...steps, 'templates/packer/', 'templates/cloud-init/build/'),
    ...guestInputs(material, role),
    ...settings({ date: dateOf(plan) }),
    ...rendered(material, role, 'changes'),
  });
  const root = make('root', [tree, changes], {
    // The root hash stands for slot.cfg as well.
    ...filesBelow(material, 'images/residue.yaml', 'templates/boot/slot.cfg.hbs'),
    ...settings({ date: dateOf(plan), 'compression level': String(role.compressionLevel) }),
  });
  const artifacts = make('artifacts', [root], {
    ...filesBelow(material, 'templates/boot/', ...templatesOf(plan)),
    ...settings({
      'kernel arguments': role.kernelArguments.join(' '),
      cluster: plan.cluster,
      date: dateOf(plan),
      targets: plan.targets.join(' '),
      memory: `${role.memoryMiB} MiB`,
    }),
    ...foreignSources(material, role),
    ...rendered(material, role, 'artifacts'),
  });
  const { cpus, memoryMiB } = plan.guest;
  const verification = make('verification', [artifacts], {
    ...(roleFacts[role.role].bootTest.needs === undefined ? {} : master),
    ...filesBelow(material, 'templates/cloud-init/node/'),
    ...Object.fromEntries(role.checks.map((check) => [`check ${check.name}`, digest(JSON.stringify(check))])),
    ...settings({
      cluster: plan.cluster,
      firmware: material.firmware[role.role],
      'guest cpus': String(cpus),
      'guest memory': `${memoryMiB} MiB`,
    }),
    ...rendered(material, role, 'verification'),
  });
  return { role: role.role, packages, tree, changes, root, artifacts, verification };
}

/**
 * Every stage of a bake with its key, from the inputs alone: nothing has run, and nothing is asked. A stage's inputs hold the keys of the
 * stages that it builds on, so that whatever changes reaches all that comes of it, and nothing else.
 */
export function makeStages(material: StageMaterial): BakeStages {
  const { plan } = material;
  const shared = makeStage('shared', null, {
    ...packagesIn(material, 'shared'),
    ...answers(plan.debconf),
    ...fixedNumbers(material),
    ...settings({ suite: plan.base.suite, architecture: plan.base.architecture, date: dateOf(plan) }),
    ...settings(undecided(plan)),
    ...common(material, 'shared'),
  });
  const roles: RoleStages[] = [];
  // The master first: a slave is proven against its disk.
  for (const role of plan.roles.toSorted((a, b) => a.role.localeCompare(b.role))) {
    if (!material.roles.includes(role.role)) continue;
    const made = roles.find((one) => one.role === 'master')?.artifacts.key ?? material.storedMaster;
    roles.push(stagesOf(material, role, shared, { 'stage artifacts master': made ?? '(none)' }));
  }
  return { shared, roles };
}
