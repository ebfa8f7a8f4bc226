import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { makeHost } from '../../../../src/host/make-host.ts';
import { hostAptSources } from '../../../../src/inputs/apt/apt-sources.ts';
import { namedFiles } from '../../../../src/inputs/cluster-spec/named-files.ts';
import { parseSpec } from '../../../../src/inputs/cluster-spec/parse-spec.ts';
import { loadImages } from '../../../../src/inputs/load-images.ts';
import { loadNamedFiles, loadSpec } from '../../../../src/inputs/load-spec.ts';
import { imageLayers } from '../../../../src/inputs/plan/image-layers.ts';
import { makePlan } from '../../../../src/inputs/plan/make-plan.ts';
import { allRoles } from '../../../../src/inputs/plan/plan.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

test.each(['mesosphere', 'clusterd'] as const)(
  'the example and images/ make a plan for the layout %s: stand-ins for both roles, units, checks',
  async (layout) => {
    const loaded = await loadSpec(`${root}examples/cluster.yaml`);
    const spec = parseSpec(`${loaded.text}\nlayout: ${layout}\n`, loaded.fileName);
    const layers = allRoles.flatMap((role) => imageLayers(role, spec));
    const plan = makePlan({
      spec,
      specFolder: loaded.folder,
      images: await loadImages(`${root}images`, layers),
      aptSources: await hostAptSources(makeHost(), spec.base.suite, spec.base.architecture),
      contents: await loadNamedFiles(loaded, namedFiles(spec)),
      epoch: 1700000000,
    });
    expect(plan.quorum).toBe(2);
    expect(plan.sharedPackages).toContain('linux-image-cloud-amd64');
    for (const role of plan.roles) {
      expect(role.debs[0]?.from).toMatch(/stand-ins\/build\/mesos_.*\.deb$/);
      expect(role.unitsOn).toContain('ingot-identity.service');
      expect(role.checks.length).toBeGreaterThan(0);
    }
  },
);
