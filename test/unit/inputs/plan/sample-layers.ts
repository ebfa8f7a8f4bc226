import { parseSpec } from '../../../../src/inputs/cluster-spec/parse-spec.ts';
import type { ImageFolder } from '../../../../src/inputs/plan/layer.ts';
import { makePlan, type PlanInput } from '../../../../src/inputs/plan/make-plan.ts';
import type { Plan, RolePlan } from '../../../../src/inputs/plan/plan.ts';
import { ingotErrorOf, smallSpec } from '../../../samples/spec.ts';

/** A folder of images/ with this image.yaml. */
export function image(name: string, imageYaml: string, more: Partial<ImageFolder> = {}): ImageFolder {
  return { name, folder: `/images/${name}`, imageYaml, hasRootfs: true, steps: [], ...more };
}

/** The layers of both roles. */
export const images = [
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
/** The apt sources of the build host. */
export const aptSources = [
  { uris: ['http://d.example/debian/'], suites: ['bookworm'], components: ['main'], signedBy: '/k.gpg' },
];

/** The plan of a spec with these layers. */
export function plan(specText = smallSpec, more: Partial<PlanInput> = {}): Plan {
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

/** The plan of one role. */
export function role(made: Plan, name: RolePlan['role']): RolePlan {
  const found = made.roles.find((each) => each.role === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

/** The message of the error for these layers. */
export function errorOf(changed: readonly ImageFolder[]): string {
  return ingotErrorOf(() => plan(smallSpec, { images: changed })).message;
}
