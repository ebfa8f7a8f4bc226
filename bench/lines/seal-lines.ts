import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { alternateRuns } from '../alternate.ts';
import type { Bench, Line } from '../bench.ts';
import type { Measured, Series } from '../result.ts';
import { ratioOf } from '../statistics.ts';
import type { Timed } from '../time-program.ts';
import { removeTree, unpackedTree } from '../trees.ts';

/** About the number of packages in the lock of the example. */
const examplePackages = 300;
const growth = [200, 500, 1000];

async function child(bench: Bench, name: string, args: readonly string[]): Promise<Timed> {
  const { workspace } = bench;
  const script = join(await workspace.ingot(), 'dist/bench/children', `${name}.js`);
  return workspace.time(process.execPath, [script, ...args]);
}

async function againstSha256sum(bench: Bench, runs: number): Promise<Measured> {
  const { workspace } = bench;
  const tree = await unpackedTree(bench, examplePackages);
  const file = workspace.path('manifest.json');
  try {
    const [own, plain] = await alternateRuns(
      runs,
      ['manifest with digests', 'sha256sum'],
      [
        () => child(bench, 'manifest', [tree, file]),
        () =>
          workspace.time('sh', [
            '-c',
            'find "$1" -type f -print0 | xargs -0 sha256sum >/dev/null',
            'sh',
            tree,
          ]),
      ],
    );
    // Throughput is the inverse of time: over the same files, the ratio of throughputs is the inverse ratio of times.
    return {
      series: [own, plain],
      ratio: ratioOf('throughput, manifest / sha256sum', plain, own),
      notes: [
        `over the files of ${examplePackages} packages; the time includes the start of Node.js and reading all attributes of the files`,
      ],
    };
  } finally {
    await rm(file, { force: true });
    await removeTree(tree);
  }
}

async function againstMksquashfs(bench: Bench, runs: number): Promise<Measured> {
  const { workspace } = bench;
  const tree = await unpackedTree(bench, examplePackages);
  const file = workspace.path('bench.squashfs');
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
    const [own, plain] = await alternateRuns(
      runs,
      ['squashfs by ingot', 'mksquashfs'],
      [
        () => child(bench, 'squashfs', [tree, file, '3']),
        () => workspace.time('mksquashfs', [tree, file, ...options]),
      ],
    );
    return { series: [own, plain], ratio: ratioOf('ingot / mksquashfs', own, plain) };
  } finally {
    await rm(file, { force: true });
    await removeTree(tree);
  }
}

async function packagesGrow(bench: Bench, runs: number): Promise<Measured> {
  const { workspace } = bench;
  const file = workspace.path('manifest.json');
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
      'the manifest with digests, the only work of a bake in which Node.js handles every file; the rest is done by dpkg, mksquashfs and QEMU',
      'if the lock has fewer packages, the same ones are unpacked again in another folder',
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
    title: 'making a squashfs, against plain mksquashfs',
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
