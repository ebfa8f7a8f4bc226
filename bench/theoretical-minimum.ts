import { mkdir, rm } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { allRoles } from '../src/inputs/plan/plan.ts';
import { latestPath } from '../src/store/latest-version.ts';
import type { Bench } from './bench.ts';
import { bootUntilSsh } from './node-boot.ts';

export interface TheoreticalMinimum {
  readonly seconds: Readonly<Record<'unpack' | 'hash' | 'compress' | 'boot', number>>;
  readonly total: number;
}

/** The zstd level at which the seal stage compresses a golden root. */
const zstdLevel = '3';

/**
 * Times the theoretical minimum of a bake, with plain tools on all cores: unpack every .deb once (shared packages only
 * once), hash every file with SHA-256, compress each root, boot each role until ssh answers.
 */
export async function timeMinimum(bench: Bench, store: string): Promise<TheoreticalMinimum> {
  const { workspace } = bench;
  const folder = workspace.path('limit');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const { host, signal } = workspace;
  const cores = String(cpus().length);
  const sh = (script: string, input: string) =>
    host.run('sh', ['-euc', script], { cwd: folder, input, signal, discardOutput: true });
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const begun = performance.now();
    await work();
    return (performance.now() - begun) / 1000;
  };
  try {
    const names = async (groups: Parameters<typeof workspace.debs>[0], tree: string) =>
      (await workspace.debs(groups)).map(({ path }) => `${path}\0${tree}\0`).join('');
    const all = [
      await names(['shared'], 'shared'),
      ...(await Promise.all(allRoles.map((role) => names([role], role)))),
    ].join('');
    const unpack = await timed(() => sh(`xargs -0 -n 2 -P ${cores} dpkg-deb --extract`, all));
    const trees = 'shared master slave';
    const hash = await timed(() =>
      sh(`find ${trees} -type f -print0 | xargs -0 -n 200 -P ${cores} sha256sum >hashes`, ''),
    );
    // A role's root consists of the shared tree and its own tree.
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
          const disk = join(latestPath(workspace.path(store), role), 'disk.qcow2');
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
