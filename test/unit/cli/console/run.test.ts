import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { showConsole } from '../../../../src/cli/console/run.ts';
import { startedBake } from '../../../samples/running-bake.ts';
import { rejection, temporaryFolder } from '../../../samples/temporary.ts';
import { fakeWorld } from '../../../samples/world.ts';

describe('ingot console', () => {
  test('prints the build guest of the role, then its boot test, as plain text, until the bake ends', async () => {
    const out = await temporaryFolder();
    const { run, end } = await startedBake(out);
    const file = (name: string) => join(run.logs, name);
    await writeFile(file('console-slave.log'), 'ingot: the build guest \x1b[1mboots\x1b[0m\r\n');
    await writeFile(file('console-master.log'), 'of the master\n');
    const { world, out: printed, err } = fakeWorld();
    const shown = showConsole(world, { role: 'slave', out });
    await vi.waitFor(() => {
      expect(printed()).toBe('ingot: the build guest boots\n');
    }, 10_000);
    await appendFile(file('console-slave.log'), 'Power down\n');
    await vi.waitFor(() => {
      expect(printed()).toContain('Power down\n');
    }, 10_000);
    await writeFile(file('console-verify-slave.log'), 'GRUB\n');
    await vi.waitFor(() => {
      expect(printed()).toContain('GRUB\n');
    }, 10_000);
    await end();
    expect(await shown).toBe(0);
    expect(printed()).toBe('ingot: the build guest boots\nPower down\nGRUB\n');
    expect(err()).toBe('--- build guest of the slave\n--- boot test of the slave\n--- the bake has ended\n');
  });

  test('starts with the boot test where that has begun, and waits for a guest that has not', async () => {
    const out = await temporaryFolder();
    const { run, end } = await startedBake(out);
    const { world, out: printed, err } = fakeWorld();
    const waiting = showConsole(world, { role: 'master', out });
    await vi.waitFor(() => {
      expect(err()).toContain('it has not booted yet');
    }, 10_000);
    await writeFile(join(run.logs, 'console-master.log'), 'first\n');
    await vi.waitFor(() => {
      expect(printed()).toBe('first\n');
    }, 10_000);
    await writeFile(join(run.logs, 'console-verify-master.log'), 'second\n');
    const late = fakeWorld();
    const second = showConsole(late.world, { role: 'master', out });
    await vi.waitFor(() => {
      expect(late.out()).toBe('second\n');
    }, 10_000);
    await end();
    await Promise.all([waiting, second]);
    expect(late.out()).toBe('second\n');
  });

  test('without a bake is an error', async () => {
    const { world } = fakeWorld();
    const out = await temporaryFolder();
    expect((await rejection(showConsole(world, { role: 'master', out }))).code).toBe('no-bake');
  });
});
