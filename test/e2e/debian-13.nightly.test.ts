import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { project, startIngot } from './ingot-process.ts';
import { cacheFolder, prepareRun, runFolder } from './run-folder.ts';

const store = join(runFolder, 'out-debian-13');

describe('a cluster on Debian 13', () => {
  beforeAll(async () => {
    await prepareRun();
    mkdirSync(store, { recursive: true });
    const spec = join(project, 'examples', 'debian-13.yaml');
    const bake = await startIngot(['bake', spec, '--out', store, '--cache', cacheFolder]).ended;
    expect(bake.exitCode, bake.stderr).toBe(0);
  });
  afterAll(() => {
    rmSync(store, { recursive: true, force: true });
  });

  it.each(['master', 'slave'])(
    'a %s boots, passes every check of its image, and nothing has drifted',
    (role) => {
      const version = join(store, role, 'latest');
      const { checks } = JSON.parse(readFileSync(join(version, 'checks.json'), 'utf8')) as {
        checks: readonly { readonly name: string; readonly saw: string }[];
      };
      expect(checks.length).toBeGreaterThan(8);
      expect(checks.find(({ name }) => name === 'nothing has drifted')?.saw).toBe('no drift');
      const sbom = readFileSync(join(version, 'sbom.spdx.json'), 'utf8');
      expect(sbom).toContain('distro=debian-13');
      if (role === 'master') expect(sbom).toContain('openjdk-21-jre-headless');
    },
  );
});
