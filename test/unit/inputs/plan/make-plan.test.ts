import { describe, expect, test } from 'vitest';
import { parseSpec } from '../../../../src/inputs/cluster-spec/parse-spec.ts';
import { imageLayers } from '../../../../src/inputs/plan/image-layers.ts';
import type { ImageFolder } from '../../../../src/inputs/plan/layer.ts';
import { makePlan, type PlanInput } from '../../../../src/inputs/plan/make-plan.ts';
import type { Plan, RolePlan } from '../../../../src/inputs/plan/plan.ts';
import { ingotErrorOf, smallSpec } from '../../../samples/spec.ts';

function image(name: string, imageYaml: string, more: Partial<ImageFolder> = {}): ImageFolder {
  return { name, folder: `/images/${name}`, imageYaml, hasRootfs: true, steps: [], ...more };
}

const images = [
  image(
    'common',
    'packages: [cloud-init, chrony]\nunitsOn: [ssh.service]\nsysctls: {vm.swappiness: 1, vm.dirty_ratio: 20}',
    {
      steps: ['40-hardening', '10-locale'],
    },
  ),
  image(
    'master',
    'packages: [zookeeper, chrony]\nunitsOn: [zookeeper.service]\nunitsMasked: [docker.service]',
    {
      steps: ['20-zookeeper'],
    },
  ),
  image(
    'slave',
    'packages: [docker.io]\nunitsOn: [docker.service]\nchecks: [{name: docker answers, run: docker info, within: 9}]',
    {
      hasRootfs: false,
    },
  ),
  image('layouts/mesosphere/common', 'packages: [libcurl4]\nkernelArguments: [a=1]'),
  image('layouts/mesosphere/slave', 'kernelArguments: [systemd.unified_cgroup_hierarchy=0]'),
  image(
    'schedulers/marathon/master',
    'packages: [jre]\nunitsOn: [marathon.service]\nchecks: [{name: Marathon leads, run: x}]',
  ),
  image('schedulers/marathon/slave', 'unitsMasked: [marathon.service]', { hasRootfs: false }),
];
const aptSources = [
  { uris: ['http://d.example/debian/'], suites: ['bookworm'], components: ['main'], signedBy: '/k.gpg' },
];

function plan(specText = smallSpec, more: Partial<PlanInput> = {}): Plan {
  const spec = parseSpec(specText, 'cluster.yaml');
  return makePlan({
    spec,
    specFolder: '/home/u/demo',
    images,
    aptSources,
    epoch: 1700000000,
    contents: new Map(),
    ...more,
  });
}

function role(made: Plan, name: RolePlan['role']): RolePlan {
  const found = made.roles.find((each) => each.role === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

function errorOf(changed: readonly ImageFolder[]): string {
  return ingotErrorOf(() => plan(smallSpec, { images: changed })).message;
}

test('the layers of a role: common, the role, then the same of its layout, then its scheduler', () => {
  const clusterd = ['common', 'slave', 'layouts/clusterd/common', 'layouts/clusterd/slave'];
  expect(imageLayers('slave', { layout: 'clusterd', scheduler: 'marathon' })).toEqual([
    ...clusterd,
    'schedulers/marathon/slave',
  ]);
  expect(imageLayers('slave', { layout: 'clusterd', scheduler: 'none' })).toEqual(clusterd);
});

describe('packages', () => {
  test('that both roles have, including the kernel, are composed once; a role has only its additional ones', () => {
    const made = plan();
    expect(made.sharedPackages).toEqual(['chrony', 'cloud-init', 'libcurl4', 'linux-image-cloud-amd64']);
    expect(role(made, 'master').packages).toEqual(['jre', 'zookeeper']);
    expect(role(made, 'slave').packages).toEqual(['docker.io']);
  });

  test('of the spec are added, and it selects the kernel', () => {
    const made = plan(
      `${smallSpec}base: {kernel: generic}\ncommon: {packages: [htop]}\nslave: {packages: [htop, jq]}\n`,
    );
    expect(made.sharedPackages).toContain('htop');
    expect(made.sharedPackages).toContain('linux-image-amd64');
    expect(role(made, 'slave').packages).toEqual(['docker.io', 'jq']);
  });
});

describe('Mesos and Marathon', () => {
  test('from a .deb: Mesos goes to both roles, Marathon only to the master, paths are relative to the spec', () => {
    const made = plan();
    const packages = ['mesos', 'aventer-mesos'];
    const mesos = { name: 'mesos', packages, from: '/home/u/demo/debs/mesos.deb' };
    expect(role(made, 'master').debs).toEqual([
      mesos,
      { name: 'marathon', packages: ['marathon'], from: '/home/u/demo/debs/marathon.deb' },
    ]);
    expect(role(made, 'slave').debs).toEqual([mesos]);
  });

  test('from a URL: the URL and its digest stay unchanged', () => {
    const digest = '0b'.repeat(32);
    const made = plan(smallSpec.replace('debs/mesos.deb', `"https://x.example/m.deb"\n  sha256: ${digest}`));
    expect(role(made, 'slave').debs).toEqual([
      {
        name: 'mesos',
        packages: ['mesos', 'aventer-mesos'],
        from: 'https://x.example/m.deb',
        sha256: digest,
      },
    ]);
  });

  test('from an apt source: it is read once, its key is relative to the spec, and the packages are named with their version', () => {
    const source = 'source: {url: "https://x.example/d", suite: s, key: keys/x.asc}';
    const made = plan(`cluster: demo
masters: [10.0.0.11, 10.0.0.12, 10.0.0.13]
layout: clusterd
mesos: {${source}, version: 1.11.0-1}
marathon: {${source}}
`);
    expect(made.base.sources).toEqual([
      ...aptSources,
      {
        uris: ['https://x.example/d'],
        suites: ['s'],
        components: ['main'],
        signedBy: '/home/u/demo/keys/x.asc',
        label: 'mesos',
      },
    ]);
    expect(made.sharedPackages).toContain('aventer-mesos=1.11.0-1');
    expect(role(made, 'master').packages).toContain('marathon');
    expect(role(made, 'slave').packages).not.toContain('marathon');
    expect(made.roles.flatMap(({ debs }) => debs)).toEqual([]);
  });
});

describe('a cluster without a scheduler', () => {
  const none = `${smallSpec.replace(/marathon:\n.*\n/, '')}scheduler: none\n`;

  test('has no package, .deb, layer, unit, mask or check of a scheduler', () => {
    const made = plan(none);
    expect(made.scheduler).toBe('none');
    expect(role(made, 'master').debs.map(({ name }) => name)).toEqual(['mesos']);
    expect(role(made, 'master').packages).toEqual(['zookeeper']);
    expect(JSON.stringify(made)).not.toContain('marathon');
    expect(plan().scheduler).toBe('marathon');
    expect(role(plan(), 'master').unitsOn).toContain('marathon.service');
    expect(role(plan(), 'slave').unitsMasked).toEqual(['marathon.service']);
  });

  test('shares its packages and those of its slave with a cluster that has a scheduler', () => {
    const [without, with_] = [plan(none), plan()];
    expect(without.sharedPackages).toEqual(with_.sharedPackages);
    expect(role(without, 'slave').packages).toEqual(role(with_, 'slave').packages);
    expect(role(without, 'slave').layers).toEqual(role(with_, 'slave').layers);
  });

  test("is not the result of a missing layer: images/ without the layer of the spec's scheduler is refused", () => {
    expect(errorOf(images.filter(({ name }) => name !== 'schedulers/marathon/master'))).toBe(
      'images/schedulers/marathon/master is missing: it says what a master is',
    );
  });
});

describe('the plan of a role', () => {
  test('has its rootfs folders in the order of the layers, without those that have none', () => {
    expect(role(plan(), 'master').layers).toEqual([
      '/images/common/rootfs',
      '/images/master/rootfs',
      '/images/layouts/mesosphere/common/rootfs',
      '/images/schedulers/marathon/master/rootfs',
    ]);
    expect(role(plan(), 'slave').layers).toEqual([
      '/images/common/rootfs',
      '/images/layouts/mesosphere/common/rootfs',
      '/images/layouts/mesosphere/slave/rootfs',
    ]);
  });

  test('has the folders of node-tools/ that belong to a layer after its rootfs', () => {
    const tools = ['/node-tools/ingot_node', '/node-tools/programs/common'];
    const withTools = images.map((one) => (one.name === 'common' ? { ...one, tools } : one));
    const found = role(plan(smallSpec, { images: withTools }), 'slave').layers;
    expect(found.slice(0, 3)).toEqual(['/images/common/rootfs', ...tools]);
  });

  test('has the steps of all its layers, in the order of their numbers', () => {
    expect(role(plan(), 'master').steps).toEqual([
      { name: '10-locale', folder: '/images/common/steps/10-locale' },
      { name: '20-zookeeper', folder: '/images/master/steps/20-zookeeper' },
      { name: '40-hardening', folder: '/images/common/steps/40-hardening' },
    ]);
  });

  test('has units, kernel arguments and checks in the order of the layers, then the additions of the spec', () => {
    const slave = role(plan(`${smallSpec}slave: {kernelArguments: [quiet, a=1]}\n`), 'slave');
    expect(slave.unitsOn).toEqual(['ssh.service', 'docker.service']);
    expect(slave.kernelArguments).toEqual(['a=1', 'systemd.unified_cgroup_hierarchy=0', 'quiet']);
    expect(slave.checks).toEqual([{ name: 'docker answers', run: 'docker info', within: 9 }]);
    expect(role(plan(), 'master').unitsMasked).toEqual(['docker.service']);
  });

  test('has sysctls: those of the spec override images/, those of a role override common', () => {
    const made = plan(
      `${smallSpec}common: {sysctls: {vm.swappiness: 5, vm.x: 1}}\nslave: {sysctls: {vm.x: "2"}}\n`,
    );
    expect(role(made, 'slave').sysctls).toEqual({
      'vm.dirty_ratio': '20',
      'vm.swappiness': '5',
      'vm.x': '2',
    });
    expect(role(made, 'master').sysctls).toEqual({
      'vm.dirty_ratio': '20',
      'vm.swappiness': '5',
      'vm.x': '1',
    });
  });

  test('has the files of the spec, with the text of separate files; a role overrides common', () => {
    const text = `${smallSpec}common: {files: [{path: /etc/motd, content: all}, {path: /etc/b, from: files/b, mode: "0600"}]}
slave: {files: [{path: /etc/motd, content: slave}]}
`;
    const made = plan(text, { contents: new Map([['files/b', 'B\n']]) });
    expect(role(made, 'slave').files).toEqual([
      { path: '/etc/b', mode: '0600', content: 'B\n' },
      { path: '/etc/motd', mode: '0644', content: 'slave' },
    ]);
    expect(role(made, 'master').files.map(({ content }) => content)).toEqual(['B\n', 'all']);
  });
});

describe('the cluster', () => {
  test.each([
    ['[10.0.0.1]\nsingleMaster: true', 1],
    ['[10.0.0.1, 10.0.0.2, 10.0.0.3]', 2],
    ['[10.0.0.1, 10.0.0.2, 10.0.0.3, 10.0.0.4, 10.0.0.5]', 3],
  ])('has the quorum for its number of masters: %s', (masters, quorum) => {
    expect(plan(smallSpec.replace(/masters:.*/, `masters: ${masters}`)).quorum).toBe(quorum);
  });

  test('has the memory of the build guest in MiB', () => {
    expect(plan(`${smallSpec}guest: {memory: 3GiB}\n`).guest).toEqual({
      cpus: 2,
      memoryMiB: 3072,
      timeoutMinutes: 30,
    });
    expect(plan(`${smallSpec}guest: {memory: 768MiB}\n`).guest.memoryMiB).toBe(768);
  });

  test('takes Debian from the mirror of the spec instead of the build host', () => {
    const made = plan(`${smallSpec}base: {mirror: {url: "http://m.example/debian", key: keys/m.gpg}}\n`);
    expect(made.base.sources).toEqual([
      {
        uris: ['http://m.example/debian'],
        suites: ['bookworm'],
        components: ['main'],
        signedBy: '/home/u/demo/keys/m.gpg',
      },
    ]);
  });

  test('is plain JSON, the same for the same input', () => {
    expect(JSON.parse(JSON.stringify(plan()))).toEqual(plan());
  });
});

describe('contradictions in images/ are refused', () => {
  test('a role or common that is missing', () => {
    expect(errorOf(images.filter(({ name }) => name !== 'slave'))).toBe(
      'images/slave is missing: it says what a slave is',
    );
    expect(errorOf(images.filter(({ name }) => name !== 'common'))).toContain('images/common is missing');
  });

  test('a step that appears twice, or one whose name has no place in the order', () => {
    const twice = images.map((each) => (each.name === 'master' ? { ...each, steps: ['10-locale'] } : each));
    expect(errorOf(twice)).toBe('the step 10-locale is in /images/common and in /images/master');
    const wrong = images.map((each) => (each.name === 'master' ? { ...each, steps: ['locale'] } : each));
    expect(errorOf(wrong)).toBe('/images/master/steps/locale is not a valid step name');
  });

  test('a unit that is both enabled and masked', () => {
    const both = [...images, image('layouts/mesosphere/master', 'unitsOn: [docker.service]')];
    expect(errorOf(both)).toBe(
      'the unit docker.service is on in /images/layouts/mesosphere/master/image.yaml:1:11 and masked in /images/master/image.yaml:3:15',
    );
  });

  test('a check that appears twice', () => {
    const twice = images.map((each) =>
      each.name === 'layouts/mesosphere/slave'
        ? image(each.name, 'checks: [{name: docker answers, run: x}]')
        : each,
    );
    expect(errorOf(twice)).toBe(
      'the check docker answers is in /images/slave/image.yaml:3:17 and in /images/layouts/mesosphere/slave/image.yaml:1:17',
    );
  });

  test('an image.yaml with errors, named by its path', () => {
    expect(errorOf([...images, image('layouts/mesosphere/master', 'unitOn: []')])).toContain(
      '/images/layouts/mesosphere/master/image.yaml:1:1: there is no key unitOn here',
    );
  });
});
