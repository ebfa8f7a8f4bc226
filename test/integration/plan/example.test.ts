import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { hostAptSources } from '../../../src/host/apt-sources.ts';
import { loadImages } from '../../../src/host/load-images.ts';
import { loadNamedFiles, loadSpec } from '../../../src/host/load-spec.ts';
import { makeHost } from '../../../src/host/make-host.ts';
import { imageLayers } from '../../../src/plan/image-layers.ts';
import { makePlan } from '../../../src/plan/make-plan.ts';
import { allRoles } from '../../../src/plan/plan.ts';
import { namedFiles } from '../../../src/spec/named-files.ts';
import { parseSpec } from '../../../src/spec/parse-spec.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

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
      expect(role.debs[0]?.from).toMatch(/examples\/stand-ins\/build\/mesos_.*\.deb$/);
      expect(role.unitsOn).toContain('ingot-identity.service');
      expect(role.checks.length).toBeGreaterThan(0);
    }
  },
);
