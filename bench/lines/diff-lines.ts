import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { latestPath } from '../../src/store/latest-version.ts';
import type { Bench, Line } from '../bench.ts';
import { byTurns } from '../by-turns.ts';
import type { Measured } from '../result.ts';
import { ratioOf } from '../statistics.ts';

/** What one does without ingot: unpack both roots and let diff(1) walk them. It tells neither owners, nor packages, nor modes. */
const unpacked = `rm -rf "$3"; mkdir "$3"
unsquashfs -no-progress -quiet -dest "$3/a" "$1/root.squashfs" && unsquashfs -no-progress -quiet -dest "$3/b" "$2/root.squashfs"
diff --recursive --brief --no-dereference "$3/a" "$3/b" >/dev/null; [ $? -le 1 ]`;

async function againstUnpacking(bench: Bench, runs: number): Promise<Measured> {
  const { workshop } = bench;
  const store = workshop.path(await bench.warmStore());
  const [master, slave] = [latestPath(store, 'master'), latestPath(store, 'slave')];
  const folder = workshop.path('diff-trees');
  const ingot = join(await workshop.ingot(), 'bin', 'ingot');
  try {
    const [own, peer] = await byTurns(
      runs,
      ['ingot diff', 'unsquashfs twice, diff -r'],
      [
        // That they differ is exit status 3, and no failure here.
        () =>
          workshop.time('sh', [
            '-c',
            '"$1" "$2" diff "$3" "$4" >/dev/null; [ $? -eq 3 ]',
            ...['sh', process.execPath, ingot, master, slave],
          ]),
        () => workshop.time('sh', ['-c', unpacked, 'sh', master, slave, folder]),
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
    title: 'what two images have otherwise, against unpacking both and comparing the trees',
    target: { of: 'value', atMost: 5 },
    runs: 5,
    slow: true,
    measure: againstUnpacking,
  },
];
