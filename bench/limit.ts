import { mkdir, rm } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { allRoles } from '../src/inputs/plan/plan.ts';
import { latestPath } from '../src/store/latest-version.ts';
import type { Bench } from './bench.ts';
import { bootUntilSsh } from './node-boot.ts';

export interface Limit {
  readonly seconds: Readonly<Record<'unpack' | 'hash' | 'compress' | 'boot', number>>;
  readonly total: number;
}

/** The level of zstd that seal compresses a golden root with. */
const zstdLevel = '3';

/**
 * What nobody can leave out, each done once and as quickly as the plain tools do it on all cores: unpacking every .deb (what the roles share
 * once), SHA-256 of every file, compressing each root, booting each role until ssh answers.
 */
export async function timeLimit(bench: Bench, store: string): Promise<Limit> {
  const { workshop } = bench;
  const folder = workshop.path('limit');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const { host, signal } = workshop;
  const side = String(cpus().length);
  const sh = (script: string, input: string) =>
    host.run('sh', ['-euc', script], { cwd: folder, input, signal, discardOutput: true });
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const begun = performance.now();
    await work();
    return (performance.now() - begun) / 1000;
  };
  try {
    const names = async (groups: Parameters<typeof workshop.debs>[0], tree: string) =>
      (await workshop.debs(groups)).map(({ path }) => `${path}\0${tree}\0`).join('');
    const all = [
      await names(['shared'], 'shared'),
      ...(await Promise.all(allRoles.map((role) => names([role], role)))),
    ].join('');
    const unpack = await timed(() => sh(`xargs -0 -n 2 -P ${side} dpkg-deb --extract`, all));
    const trees = 'shared master slave';
    const hash = await timed(() =>
      sh(`find ${trees} -type f -print0 | xargs -0 -n 200 -P ${side} sha256sum >hashes`, ''),
    );
    // A role's root is the shared tree and its own.
    const compress = await timed(() =>
      sh(
        allRoles
          .map(
            (role) =>
              `mksquashfs shared ${role} ${role}.squashfs -quiet -no-progress -comp zstd -Xcompression-level ${zstdLevel}`,
          )
          .join('\n'),
        '',
      ),
    );
    await rm(folder, { recursive: true, force: true });
    const boot = await timed(() =>
      Promise.all(
        allRoles.map((role) => {
          const disk = join(latestPath(workshop.path(store), role), 'disk.qcow2');
          return bootUntilSsh(bench, `l-${role}`, role, { kind: 'disk', disk, firmware: 'bios' });
        }),
      ),
    );
    const seconds = { unpack, hash, compress, boot };
    return { seconds, total: unpack + hash + compress + boot };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
