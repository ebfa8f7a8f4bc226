import { keyStages } from '../../src/bake/keys/key-stages.ts';
import type { StageMaterial } from '../../src/bake/keys/stage-material.ts';
import { stageTexts } from '../../src/bake/stage-texts.ts';
import { allStages } from '../../src/bake/stages/all-stages.ts';
import { loadTemplates } from '../../src/inputs/load-templates.ts';
import type { Check, Plan, Role, RolePlan } from '../../src/inputs/plan/plan.ts';
import { lockedPackage, sampleLock } from './lock.ts';

const project = '/ingot';
const digest = (text: string): string => Buffer.from(text).toString('hex').padEnd(64, '0').slice(0, 64);

function rolePlan(role: Role): RolePlan {
  const check: Check = { name: `${role} answers`, run: 'true', within: 10 };
  return {
    role,
    packages: [],
    debs: [],
    layers: [
      ...[`${project}/images/common/rootfs`, `${project}/node-tools/ingot_node`],
      ...[`${project}/images/${role}/rootfs`, `${project}/node-tools/programs/${role}`],
    ],
    files: [{ path: '/etc/motd', mode: '0644', content: `a ${role}\n` }],
    steps: [{ name: '30-units', folder: `${project}/images/common/steps/30-units` }],
    unitsOn: ['ssh.service'],
    unitsMasked: [],
    kernelArguments: ['quiet'],
    sysctls: { 'vm.swappiness': '1' },
    checks: [check],
    memoryMiB: 1024,
    compressionLevel: 3,
  };
}

const plan: Plan = {
  cluster: 'demo',
  masters: ['10.0.0.11'],
  quorum: 1,
  layout: 'mesosphere',
  scheduler: 'marathon',
  targets: ['qcow2'],
  base: { distribution: 'debian', suite: 'bookworm', architecture: 'amd64', sources: [] },
  sharedPackages: ['a'],
  roles: [rolePlan('master'), rolePlan('slave')],
  guest: { cpus: 2, memoryMiB: 2048, timeoutMinutes: 30 },
  confirmMinutes: 15,
  data: null,
  seed: { cluster: {}, files: [] },
  epoch: 1_795_227_046,
};

const files = [
  'images/common/rootfs/etc/chrony/chrony.conf',
  'images/common/rootfs/etc/hosts',
  'images/master/rootfs/etc/default/zookeeper',
  'images/slave/rootfs/etc/docker/daemon.json',
  'node-tools/ingot_node/drift/patterns.py',
  'node-tools/programs/master/usr/bin/ingot-drain',
  'images/common/steps/30-units/do.sh',
  'images/residue.yaml',
  'templates/node/release.json.hbs',
  'templates/packer/cluster.pkr.hcl.hbs',
  'templates/cloud-init/build/user-data.yaml.hbs',
  'templates/cloud-init/node/user-data.hbs',
  'templates/boot/grub.cfg.hbs',
];

const programs = [
  'apt',
  'mmdebstrap',
  'packer',
  'qemu-system-x86',
  'squashfs-tools',
  'mtools',
  'ovmf',
  'attr',
];

const templates = await loadTemplates('templates');

/** The material for the keys of a small cluster: both roles, three packages, a few files. */
export const sampleMaterial: StageMaterial = {
  plan,
  lock: sampleLock({
    shared: [lockedPackage('a')],
    master: [lockedPackage('zookeeper')],
    slave: [lockedPackage('docker')],
  }),
  roles: ['master', 'slave'],
  firmware: { master: 'uefi', slave: 'bios' },
  project,
  files: new Map(files.map((path) => [path, `0644 ${digest(path)}`])),
  rendered: stageTexts(plan, templates),
  programs: Object.fromEntries(programs.map((name) => [name, '1.0-1'])),
  code: digest('code'),
  node: 'v20.20.0',
};

/** The material of another plan. */
export function withPlan(change: Partial<Plan>): StageMaterial {
  const changed = { ...plan, ...change };
  return { ...sampleMaterial, plan: changed, rendered: stageTexts(changed, templates) };
}

/** The material with one role of its plan changed. */
export function withRole(role: Role, change: Partial<RolePlan>): StageMaterial {
  const roles = plan.roles.map((one) => (one.role === role ? { ...one, ...change } : one));
  return withPlan({ roles });
}

/** The material with one file of images/ or templates/ changed. */
export function withFile(path: string, value = `0644 ${digest('changed')}`): StageMaterial {
  return { ...sampleMaterial, files: new Map([...sampleMaterial.files, [path, value]]) };
}

/** The material with another version of one program. */
export function withProgram(name: string, version = '2.0-1'): StageMaterial {
  return { ...sampleMaterial, programs: { ...sampleMaterial.programs, [name]: version } };
}

/** The stages of a bake of that material, with their keys. */
export const stagesOf = (material: StageMaterial) => keyStages(allStages, material);
