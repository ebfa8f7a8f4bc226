import { describe, expect, test } from 'vitest';
import { parseSpec } from '../../../../src/inputs/cluster-spec/parse-spec.ts';
import { contributedSections, layerSummaries } from '../../../../src/inputs/plan/describe-contributions.ts';
import type { ImageFolder } from '../../../../src/inputs/plan/layer.ts';
import { makePlan } from '../../../../src/inputs/plan/make-plan.ts';
import type { Plan, Role } from '../../../../src/inputs/plan/plan.ts';
import { ingotErrorOf, smallSpec } from '../../../samples/spec.ts';

const image = (name: string, imageYaml: string): ImageFolder => ({
  ...{ name, folder: `/images/${name}`, imageYaml, hasRootfs: true, steps: [] },
});
const ours = [
  image('common', 'unitsOn: [ssh.service]\nsysctls: {vm.swappiness: 1}\nchecks: [{name: a, run: x}]'),
  image('master', 'unitsMasked: [docker.service]'),
  image('slave', 'packages: [docker.io]'),
  image('schedulers/marathon/master', ''),
];

function site(name: string, imageYaml: string, more: Partial<ImageFolder> = {}): ImageFolder {
  const place = { role: null, replace: false, at: 0 };
  return { name, folder: `/srv/${name}`, imageYaml, hasRootfs: true, steps: [], site: place, ...more };
}
const forRole = (role: Role): Partial<ImageFolder> => ({ site: { role, replace: false, at: 0 } });

function planOf(layers: readonly ImageFolder[], more = ''): Plan {
  const text = `${smallSpec}${more}`;
  return makePlan({
    spec: parseSpec(text, 'cluster.yaml'),
    specFile: { text, fileName: 'cluster.yaml' },
    ...{ specFolder: '/w', images: [...ours, ...layers], aptSources: [], epoch: 0, contents: new Map() },
  });
}
const roleOf = (plan: Plan, name: Role) => plan.roles.find(({ role }) => role === name);
const errorOf = (layers: readonly ImageFolder[], more = '') => ingotErrorOf(() => planOf(layers, more));

describe('a layer of the site', () => {
  test('for every node: its packages are composed once, its files are over ours, its values win', () => {
    const plan = planOf([
      site(
        'site',
        'packages: [agent]\nunitsOn: [agent.service]\nsysctls: {vm.swappiness: 10}\nmodules: [dummy]',
      ),
    ]);
    expect(plan.sharedPackages).toContain('agent');
    for (const role of plan.roles) {
      expect(role.packages).not.toContain('agent');
      expect(role.layers.at(-1)).toBe('/srv/site/rootfs');
      expect(role.unitsOn).toEqual(expect.arrayContaining(['ssh.service', 'agent.service']));
      expect([role.sysctls['vm.swappiness'], role.modules]).toEqual(['10', ['dummy']]);
    }
  });

  test('for one role: the other role has nothing of it', () => {
    const plan = planOf([site('gpu', 'packages: [dkms]\nunitsOn: [gpu.service]', forRole('slave'))]);
    expect(roleOf(plan, 'slave')?.packages).toContain('dkms');
    expect(JSON.stringify([plan.sharedPackages, roleOf(plan, 'master')])).not.toMatch(/dkms|gpu/);
  });

  test('programs that it allows to keep set-user-id are added to those of the spec', () => {
    const plan = planOf([site('site', 'setuid: [{path: /opt/a, why: it has a sandbox}]')]);
    expect(roleOf(plan, 'master')?.setuid).toEqual([{ path: '/opt/a', why: 'it has a sandbox' }]);
  });

  test('the spec comes after it', () => {
    const plan = planOf(
      [site('site', 'sysctls: {vm.swappiness: 10}')],
      'common: {sysctls: {vm.swappiness: 20}}\n',
    );
    expect(roleOf(plan, 'slave')?.sysctls['vm.swappiness']).toBe('20');
  });

  test('errors of its image.yaml have its name in the spec, wherever it is', () => {
    const error = errorOf([site('site', 'unitOn: []')]);
    expect([error.code, error.message]).toEqual([
      'wrong-layer',
      expect.stringContaining('site/image.yaml:1:1: there is no key unitOn here'),
    ]);
  });
});

describe('a conflict names both places', () => {
  test('a unit that ours masks and a layer enables', () => {
    const { code, message } = errorOf([site('site', 'unitsOn: [docker.service]')]);
    expect(code).toBe('wrong-layer');
    expect(message).toBe(
      'the unit docker.service is on in site/image.yaml:1:11 and masked in /images/master/image.yaml:1:15',
    );
  });

  test('a unit that the spec masks and ours enables', () => {
    const { code, message } = errorOf([], 'slave:\n  units:\n    masked: [ssh.service]\n');
    expect(code).toBe('wrong-spec');
    expect(message).toBe(
      'the unit ssh.service is on in /images/common/image.yaml:1:11 and masked in cluster.yaml:9:14',
    );
  });

  test('a check of the spec with the name of one of ours', () => {
    const { message } = errorOf([], 'common:\n  checks:\n    - {name: a, run: z}\n');
    expect(message).toBe('the check a is in /images/common/image.yaml:3:17 and in cluster.yaml:9:14');
  });

  test('a step and a template of two layers; replace: true decides for templates', () => {
    const steps = { steps: ['10-x'] };
    expect(errorOf([site('a', '', steps), site('b', '', steps)]).message).toBe(
      'the step 10-x is in a and in b',
    );
    const templates = { templates: { 'node/release.json.hbs': 'x' } };
    expect(errorOf([site('a', '', templates), site('b', '', templates)]).message).toBe(
      'the template node/release.json.hbs is in a/templates and in b/templates',
    );
    const last = { templates: { 'node/release.json.hbs': 'y' }, site: { role: null, replace: true, at: 1 } };
    expect(planOf([site('a', '', templates), site('b', '', last)]).templates).toEqual(last.templates);
  });
});

describe('units and checks of the spec', () => {
  test('are those of one role or of every node', () => {
    const plan = planOf(
      [],
      'common: {units: {on: [a.service]}}\nslave: {units: {masked: [b.service]}, checks: [{name: c, run: d}]}\n',
    );
    expect(plan.roles.map(({ unitsOn }) => unitsOn.includes('a.service'))).toEqual([true, true]);
    expect(roleOf(plan, 'master')?.unitsMasked).not.toContain('b.service');
    expect(roleOf(plan, 'slave')?.unitsMasked).toContain('b.service');
    expect(roleOf(plan, 'slave')?.checks.at(-1)).toEqual({ name: 'c', run: 'd', within: 60 });
  });
});

test('what comes from where: a line for each layer, and its words with what they replace', () => {
  const plan = planOf(
    [site('site', 'packages: [agent]\nsysctls: {vm.swappiness: 10}'), site('gpu', '', forRole('slave'))],
    'slave: {units: {on: [a.service]}}\n',
  );
  expect(layerSummaries(plan)).toEqual(['site (every node): 1 package, 1 sysctl', 'gpu (slaves): nothing']);
  expect(contributedSections(plan)).toEqual([
    {
      heading: 'from the layer site, for every node',
      adds: { packages: ['agent'], sysctls: ['vm.swappiness=10 (1 in /images/common/image.yaml:2:26)'] },
    },
    { heading: 'from the layer gpu, for slaves', adds: {} },
    { heading: 'from cluster.yaml, slave', adds: { 'units on': ['a.service'] } },
  ]);
});

test('a plan without layers has none of their fields', () => {
  const plan = planOf([]);
  expect(Object.keys(plan)).not.toEqual(expect.arrayContaining(['siteLayers']));
  expect([plan.templates, plan.contributions]).toEqual([undefined, undefined]);
});
