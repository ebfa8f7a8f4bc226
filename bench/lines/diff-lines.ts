import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { latestPath } from '../../src/store/latest-version.ts';
import { alternateRuns } from '../alternate.ts';
import type { Bench, Line } from '../bench.ts';
import type { Measured } from '../result.ts';
import { ratioOf } from '../statistics.ts';

/** The way without ingot: unpack both roots and run diff(1), which reports no owners, packages or modes. */
const unpacked = `rm -rf "$3"; mkdir "$3"
unsquashfs -no-progress -quiet -dest "$3/a" "$1/root.squashfs" && unsquashfs -no-progress -quiet -dest "$3/b" "$2/root.squashfs"
diff --recursive --brief --no-dereference "$3/a" "$3/b" >/dev/null; [ $? -le 1 ]`;

async function againstUnpacking(bench: Bench, runs: number): Promise<Measured> {
  const { workspace } = bench;
  const store = workspace.path(await bench.warmStore());
  const [master, slave] = [latestPath(store, 'master'), latestPath(store, 'slave')];
  const folder = workspace.path('diff-trees');
  const ingot = join(await workspace.ingot(), 'bin', 'ingot');
  try {
    const [own, peer] = await alternateRuns(
      runs,
      ['ingot diff', 'unsquashfs twice, diff -r'],
      [
        // Exit status 3 means that they differ, which is expected here.
        () =>
          workspace.time('sh', [
            '-c',
            '"$1" "$2" diff "$3" "$4" >/dev/null; [ $? -eq 3 ]',
            ...['sh', process.execPath, ingot, master, slave],
          ]),
        () => workspace.time('sh', ['-c', unpacked, 'sh', master, slave, folder]),
      ],
    );
    return {
      series: [own, peer],
      ratio: ratioOf('ingot diff / unsquashfs and diff -r', own, peer),
      notes: ['a master and a slave: no package has a newer version, so no changelog is read'],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export const diffLines: readonly Line[] = [
  {
    name: 'diff',
    title: 'differences between two images, against unpacking both and comparing the trees',
    target: { of: 'value', atMost: 5 },
    runs: 5,
    slow: true,
    measure: againstUnpacking,
  },
];
