import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { project, startIngot } from './ingot-process.ts';
import { cacheFolder, prepareRun, runFolder } from './run-folder.ts';

interface Checks {
  readonly checks: readonly { readonly name: string; readonly saw: string }[];
}

/** What a booted node of each example has to show, besides the checks that every image passes. */
const examples = [
  ['node-exporter', ['master', 'slave'], "the node's metrics are served", /^node_uname_info/],
  ['hardened', ['master', 'slave'], 'the firewall refuses what nothing allows', /policy drop/],
  ['hardened', ['master', 'slave'], 'changes are recorded', /-k accounts/],
  ['gpu', ['slave'], 'the module of the GPU is loaded', /^evdi /],
] as const;

const storeOf = (name: string): string => join(runFolder, `out-${name}`);

describe.each(['node-exporter', 'hardened', 'gpu'])('the layer of examples/%s', (name) => {
  beforeAll(async () => {
    await prepareRun();
    mkdirSync(storeOf(name), { recursive: true });
    const spec = join(project, 'examples', name, 'cluster.yaml');
    const bake = await startIngot(['bake', spec, '--out', storeOf(name), '--cache', cacheFolder]).ended;
    expect(bake.exitCode, bake.stderr).toBe(0);
  });
  afterAll(() => {
    rmSync(storeOf(name), { recursive: true, force: true });
  });

  it.each(examples.filter(([example]) => example === name))(
    '%s: %s pass "%s", and nothing has drifted',
    (_, roles, check, shows) => {
      for (const role of roles) {
        const file = join(storeOf(name), role, 'latest', 'checks.json');
        const { checks } = JSON.parse(readFileSync(file, 'utf8')) as Checks;
        const saw = (wanted: string) => checks.find((one) => one.name === wanted)?.saw;
        expect(saw(check), role).toMatch(shows);
        expect(saw('nothing has drifted'), role).toBe('no drift');
      }
    },
  );
});
