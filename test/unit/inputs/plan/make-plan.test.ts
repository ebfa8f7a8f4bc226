import { describe, expect, test } from 'vitest';
import { imageLayers } from '../../../../src/inputs/plan/image-layers.ts';
import { smallSpec } from '../../../samples/spec.ts';
import { aptSources, errorOf, images, plan, role } from './sample-layers.ts';

test('the layers of a role: common, the suite, the role, then the same of its layout, then its scheduler', () => {
  const clusterd = [
    ...['common', 'suites/trixie/common', 'suites/trixie/slave'],
    ...['slave', 'layouts/clusterd/common', 'layouts/clusterd/slave'],
  ];
  const base = { suite: 'trixie' };
  expect(imageLayers('slave', { base, layout: 'clusterd', scheduler: 'marathon' })).toEqual([
    ...clusterd,
    'schedulers/marathon/slave',
  ]);
  expect(imageLayers('slave', { base, layout: 'clusterd', scheduler: 'none' })).toEqual(clusterd);
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
