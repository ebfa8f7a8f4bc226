import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { IngotError } from '../../src/host/ingot-error.ts';
import { makeKeyFiles } from '../../src/version/key-files.ts';
import type { Bench, Line } from '../bench.ts';
import type { Measured, Sample } from '../result.ts';

/** Nights in which no package changed: the lock is updated from the mirrors of the spec, and nothing is baked. */
async function unchangedNights({ workspace }: Bench, runs: number): Promise<Measured> {
  const spec = await workspace.spec();
  const folder = workspace.path('nightly');
  await rm(folder, { recursive: true, force: true });
  const [pool, cache, out] = [workspace.path('pool'), join(folder, 'cache'), join(folder, 'out')];
  const { host, signal } = workspace;
  const state = { INGOT_STATE: join(folder, 'state') };
  try {
    await host.run('mkdir', ['--parents', folder]);
    await makeKeyFiles(join(folder, 'release'));
    const key = join(folder, 'release.pem');
    // Otherwise the first night would find newer packages than those of an older lock.
    await workspace.timeIngot(['lock', spec, '--update', '--pool', pool], 'lock-nightly.log');
    const script = join(await workspace.ingot(), 'dist/bench/children/nightly-store.js');
    await host.run(process.execPath, [script, spec, out, cache, key], { env: state, signal });
    const places = ['--out', out, '--pool', pool, '--cache', cache];
    const args = ['nightly', spec, ...places, '--sign', key, '--quiet'];
    const samples: Sample[] = [];
    for (let run = 1; run <= runs; run += 1) {
      const log = `nightly-${run}.log`;
      const { sample } = await workspace.timeIngot(args, log, undefined, state);
      if (!(await readFile(workspace.path('logs', log), 'utf8')).includes('nightly  unchanged'))
        throw new IngotError({
          code: 'command-failed',
          message: 'a night found something to bake: a mirror changed while it was measured',
          hint: 'measure this line again',
        });
      samples.push(sample);
    }
    return {
      series: [{ label: 'ingot nightly, nothing changed', unit: 's', samples }],
      notes: [
        "with the mirrors of the spec: most of the time is their answers, and apt's resolution of the lock",
      ],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export const nightlyLines: readonly Line[] = [
  {
    name: 'nightly',
    title: 'ingot nightly with nothing changed: the lock is updated, nothing is baked',
    target: { of: 'value', atMost: 20 },
    runs: 3,
    measure: unchangedNights,
  },
];
