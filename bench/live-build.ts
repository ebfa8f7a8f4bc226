import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IngotError } from '../src/host/ingot-error.ts';
import { serveFolder } from '../src/host/serve-folder.ts';
import { allRoles } from '../src/inputs/plan/plan.ts';
import type { Bench } from './bench.ts';
import type { Timed } from './time-program.ts';

/** The zstd level at which the seal stage compresses a golden root. */
const zstdLevel = 3;

async function makeRepository(bench: Bench, folder: string): Promise<void> {
  const { workspace, plan } = bench;
  await mkdir(folder, { recursive: true });
  const debs = await workspace.debs(undefined);
  const locked = join(folder, 'locked');
  await writeFile(locked, debs.map(({ path, file }) => `${path} ${file}\n`).join(''));
  const make = join(await workspace.ingot(), 'templates/bench/live-build/make-repository');
  await workspace.host.run(make, [folder, plan.base.suite, plan.base.architecture, locked], {
    log: workspace.path('logs', 'live-build-repository.log'),
    discardOutput: true,
    signal: workspace.signal,
  });
}

/**
 * Builds a bootable image of each role's packages with live-build, both at the same time.
 * @returns the time until the later one is finished, and the CPU time of both
 * @throws IngotError missing-program without live-build; command-failed when an image is missing
 */
export async function timeLiveBuild(bench: Bench): Promise<Timed> {
  const { workspace, plan } = bench;
  if (!existsSync('/usr/bin/lb'))
    throw new IngotError({
      code: 'missing-program',
      message: 'live-build is not installed',
      hint: 'make bench installs it (setup/bench-packages)',
    });
  const folder = workspace.path('live-build');
  await rm(folder, { recursive: true, force: true });
  workspace.say('live-build: creating its package mirror (not measured)');
  const mirror = join(folder, 'mirror');
  await makeRepository(bench, mirror);
  const server = await serveFolder(mirror);
  try {
    workspace.say('live-build: building an image of the packages of each role');
    const build = join(await workspace.ingot(), 'templates/bench/live-build/build');
    const lists = [];
    for (const role of allRoles) {
      const own = join(folder, role);
      await mkdir(own);
      const list = join(folder, `${role}.packages`);
      const names = (await workspace.debs(['shared', role])).map(({ name }) => name);
      await writeFile(list, `${names.join('\n')}\n`);
      lists.push({ role, own, list });
    }
    const begun = performance.now();
    const both = await Promise.all(
      lists.map(({ role, own, list }) =>
        // In its own mount namespace, so that its mounts in the chroot end with it.
        workspace.time(
          'unshare',
          ['--mount', build, server.url, plan.base.suite, plan.base.architecture, String(zstdLevel), list],
          {
            cwd: own,
            log: workspace.path('logs', `live-build-${role}.log`),
            boundSeconds: bench.boundSeconds,
          },
        ),
      ),
    );
    const value = (performance.now() - begun) / 1000;
    const cutOff = both.some((one) => one.cutOff);
    for (const { role, own } of lists)
      if (!cutOff && !(await readdir(own)).some((name) => name.endsWith('.iso')))
        throw new IngotError({
          code: 'command-failed',
          message: `live-build built no image of the ${role}`,
          hint: `its output: ${workspace.path('logs', `live-build-${role}.log`)}`,
        });
    const cpuSeconds = both.reduce((sum, { sample }) => sum + (sample.cpuSeconds ?? 0), 0);
    return { sample: { value, cpuSeconds }, cutOff };
  } finally {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}
