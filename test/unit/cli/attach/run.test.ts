import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { attach } from '../../../../src/cli/attach/run.ts';
import { runningBake } from '../../../../src/cli/shared/running-bake.ts';
import { makeHost } from '../../../../src/host/make-host.ts';
import { openRunFolder } from '../../../../src/store/run-folder.ts';
import { startedBake } from '../../../samples/running-bake.ts';
import { rejection, temporaryFolder } from '../../../samples/temporary.ts';
import { fakeWorld } from '../../../samples/world.ts';

const begins = { type: 'begins', id: 1, title: 'compose', at: 0, expectedSeconds: 70 } as const;

describe('ingot attach', () => {
  test('shows a running bake from its beginning, and ends with it', async () => {
    const out = await temporaryFolder();
    const bake = await startedBake(out);
    bake.write(begins, { type: 'line', id: 1, text: 'Unpacking mesos' });
    const { world, err } = fakeWorld();
    const attached = attach(world, { out, verbose: true });
    await vi.waitFor(() => {
      expect(err()).toContain('compose: Unpacking mesos');
    }, 10_000);
    bake.write({ type: 'ends', id: 1, result: 'done', seconds: 66 }, { type: 'over', result: 'done' });
    expect(await attached).toBe(0);
    expect(err()).toBe(
      'compose  (about 1 min 10 s)\ncompose: Unpacking mesos\ncompose  66.0 s\nthe bake is done\n',
    );
    await bake.end();
  });

  test('of a bake that fails is exit status 1, with the reason and the logs', async () => {
    const out = await temporaryFolder();
    const bake = await startedBake(out);
    bake.write(begins, { type: 'over', result: 'failed', why: 'master: step 30-units failed' });
    const { world, err } = fakeWorld();
    expect(await attach(world, { out, verbose: false })).toBe(1);
    expect(err()).toContain(`the bake failed: master: step 30-units failed\nits logs: ${bake.run.logs}\n`);
    await bake.end();
  });

  test('of a bake that is killed ends, and says so', async () => {
    const out = await temporaryFolder();
    const bake = await startedBake(out);
    bake.write(begins);
    const { world, err } = fakeWorld();
    const attached = attach(world, { out, verbose: false });
    await vi.waitFor(() => {
      expect(err()).toContain('compose');
    }, 10_000);
    await bake.end();
    expect(await attached).toBe(1);
    expect(err()).toContain('its process was killed');
  });

  test('leaves the bake running after Ctrl-C, which is not a failure', async () => {
    const out = await temporaryFolder();
    const bake = await startedBake(out);
    bake.write(begins);
    const abort = new AbortController();
    const { world, err } = fakeWorld({ signal: abort.signal });
    const attached = attach(world, { out, verbose: false });
    await vi.waitFor(() => {
      expect(err()).toContain('compose');
    }, 10_000);
    abort.abort();
    expect(await attached).toBe(0);
    expect(err()).toMatch(/the bake goes on\n$/);
    expect((await runningBake(world, out))?.path).toBe(bake.run.path);
    await bake.end();
  });

  test('without a bake is an error that names the store', async () => {
    const out = await temporaryFolder();
    const { world } = fakeWorld();
    for (const folder of [out, join(out, 'no such')]) {
      const error = await rejection(attach(world, { out: folder, verbose: false }));
      expect(error.code).toBe('no-bake');
      expect(error.message).toContain(folder);
    }
    // A boot test or a rehearsal has a run folder too, and no journal.
    await openRunFolder(makeHost(), out);
    expect((await rejection(attach(world, { out, verbose: false }))).code).toBe('no-bake');
  });
});
