import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { latestPath } from '../../src/store/latest-version.ts';
import { alternateRuns } from '../alternate.ts';
import type { Bench, Line } from '../bench.ts';
import type { Measured } from '../result.ts';
import { ratioOf } from '../statistics.ts';

/**
 * Mounts the layers as the initrd of a node does, with as many logs above the root as a start writes; then runs
 * ingot-drift of that root. $1 is the work folder.
 */
const checkNode = `mount -t tmpfs tmpfs "$1/node" && cd "$1/node" && mkdir root layer layer/upper layer/work
mount -t overlay overlay root -o lowerdir="$1/tree",upperdir=layer/upper,workdir=layer/work
mount -t tmpfs tmpfs root/run && mkdir -p root/run/ingot/lower root/run/ingot/overlay
mount --bind "$1/tree" root/run/ingot/lower && mount --bind layer root/run/ingot/overlay
for log in $(seq 60); do echo "$log" >"root/var/log/$log"; done
exec "$1/tree/usr/bin/ingot-drift" --root "$1/node/root" --files >&2`;

/** A configuration with everything that aide can record about a file, except its position on the disk. */
const aide = (folder: string): string =>
  [
    `database_in=file:${folder}/aide.db`,
    `database_out=file:${folder}/aide.db`,
    'gzip_dbout=no',
    `root_prefix=${folder}/tree`,
    '/ ftype+p+u+g+l+n+s+m+c+sha256+acl+xattrs+caps',
    '',
  ].join('\n');

async function againstAide(bench: Bench, runs: number): Promise<Measured> {
  const { workspace } = bench;
  const { host, signal } = workspace;
  const root = join(latestPath(workspace.path(await bench.warmStore()), 'slave'), 'root.squashfs');
  const folder = workspace.path('drift');
  const configuration = join(folder, 'aide.conf');
  try {
    await mkdir(join(folder, 'node'), { recursive: true });
    await host.run('unsquashfs', ['-q', '-n', '-dest', join(folder, 'tree'), root], { signal });
    await writeFile(configuration, aide(folder));
    await host.run('aide', ['--init', `--config=${configuration}`], { signal });
    const [own, peer] = await alternateRuns(
      runs,
      ['ingot-drift', 'aide --check'],
      [
        () => workspace.time('unshare', ['--mount', 'sh', '-euc', checkNode, 'sh', folder]),
        () => workspace.time('aide', ['--check', `--config=${configuration}`]),
      ],
    );
    return {
      series: [own, peer],
      ratio: ratioOf('aide --check / ingot-drift', peer, own),
      notes: [
        'files only, a slave’s root without drift; ingot-drift reads an overlay with 60 logs, and its time includes the mounts; aide reads the root itself',
      ],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export const driftLines: readonly Line[] = [
  {
    name: 'drift',
    title: 'how a node differs from its golden root, against aide --check of the same tree',
    target: { of: 'ratio', atLeast: 20 },
    runs: 5,
    slow: true,
    measure: againstAide,
  },
];
