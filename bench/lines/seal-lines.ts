import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bench, Line } from '../bench.ts';
import { byTurns } from '../by-turns.ts';
import type { Measured, Series } from '../result.ts';
import { ratioOf } from '../statistics.ts';
import type { Timed } from '../time-program.ts';
import { removeTree, unpackedTree } from '../trees.ts';

/** All packages of the example's lock are about so many. */
const usual = 300;
const growth = [200, 500, 1000];

async function child(bench: Bench, name: string, args: readonly string[]): Promise<Timed> {
  const { workshop } = bench;
  const script = join(await workshop.ingot(), 'dist/bench/children', `${name}.js`);
  return workshop.time(process.execPath, [script, ...args]);
}

async function againstSha256sum(bench: Bench, runs: number): Promise<Measured> {
  const { workshop } = bench;
  const tree = await unpackedTree(bench, usual);
  const file = workshop.path('manifest.json');
  try {
    const [own, plain] = await byTurns(
      runs,
      ['manifest with digests', 'sha256sum'],
      [
        () => child(bench, 'manifest', [tree, file]),
        () =>
          workshop.time('sh', [
            '-c',
            'find "$1" -type f -print0 | xargs -0 sha256sum >/dev/null',
            'sh',
            tree,
          ]),
      ],
    );
    // Throughput is the inverse of time: over the same files the one's is the other's time divided by its own.
    return {
      series: [own, plain],
      ratio: ratioOf('throughput, manifest / sha256sum', plain, own),
      notes: [
        `over the files of ${usual} packages; the start of Node and all attributes of the files are within`,
      ],
    };
  } finally {
    await rm(file, { force: true });
    await removeTree(tree);
  }
}

async function againstMksquashfs(bench: Bench, runs: number): Promise<Measured> {
  const { workshop } = bench;
  const tree = await unpackedTree(bench, usual);
  const file = workshop.path('bench.squashfs');
  const options = [
    '-noappend',
    '-no-progress',
    '-quiet',
    '-xattrs',
    '-comp',
    'zstd',
    '-Xcompression-level',
    '3',
  ];
  try {
    const [own, plain] = await byTurns(
      runs,
      ['squashfs by ingot', 'mksquashfs'],
      [
        () => child(bench, 'squashfs', [tree, file, '3']),
        () => workshop.time('mksquashfs', [tree, file, ...options]),
      ],
    );
    return { series: [own, plain], ratio: ratioOf('ingot / mksquashfs', own, plain) };
  } finally {
    await rm(file, { force: true });
    await removeTree(tree);
  }
}

async function packagesGrow(bench: Bench, runs: number): Promise<Measured> {
  const { workshop } = bench;
  const file = workshop.path('manifest.json');
  const series: Series[] = [];
  for (const packages of growth) {
    const tree = await unpackedTree(bench, packages);
    try {
      series.push(
        await bench.series(`${packages} packages`, runs, () => child(bench, 'manifest', [tree, file])),
      );
    } finally {
      await rm(file, { force: true });
      await removeTree(tree);
    }
  }
  const [least, most] = [series[0], series.at(-1)];
  return {
    series,
    ...(least === undefined || most === undefined
      ? {}
      : { ratio: ratioOf(`${growth.at(-1) ?? ''} packages / ${growth[0] ?? ''} packages`, most, least) }),
    notes: [
      'the manifest with digests, the only work of a bake in which Node handles every file; the rest is done by dpkg, mksquashfs and QEMU',
      'beyond the packages of the lock the same are unpacked again below another folder',
    ],
  };
}

export const sealLines: readonly Line[] = [
  {
    name: 'hash',
    title: 'manifest with the digest of every file against sha256sum over the same files',
    target: { of: 'ratio', atLeast: 0.9 },
    runs: 5,
    measure: againstSha256sum,
  },
  {
    name: 'squashfs',
    title: 'making a squashfs against mksquashfs alone',
    target: { of: 'ratio', atMost: 1.1 },
    runs: 3,
    measure: againstMksquashfs,
  },
  {
    name: 'growth-packages',
    title: 'manifest of 200 to 1,000 packages: time and memory',
    runs: 1,
    measure: packagesGrow,
  },
];
