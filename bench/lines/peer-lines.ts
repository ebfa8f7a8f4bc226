import type { Line } from '../bench.ts';
import { timeLiveBuild } from '../live-build.ts';
import { timePlainPacker } from '../plain-packer.ts';
import type { Series } from '../result.ts';
import { ratioOf } from '../statistics.ts';
import { timeMinimum } from '../theoretical-minimum.ts';

/** The cold bake, compared with other tools and with the theoretical minimum. */
export const peerLines: readonly Line[] = [
  {
    name: 'plain-packer',
    title: 'plain Packer installing the same packages in two guests at once, against the cold bake',
    target: { of: 'ratio', atLeast: 4 },
    runs: 1,
    slow: true,
    measure: async (bench, runs) => {
      const notes: string[] = [];
      const peer = await bench.series('plain Packer, both roles', runs, async () => {
        const { timed, progress } = await timePlainPacker(bench);
        if (timed.cutOff) notes.push(`stopped after ${bench.boundSeconds} s: ${progress}`);
        return timed;
      });
      const cold = await bench.cold();
      return {
        series: [peer, cold],
        ratio: ratioOf('plain Packer / cold bake', peer, cold),
        notes: [
          ...notes,
          'plain Packer starts from a minimal disk with kernel and ssh, whose creation is not counted; it neither seals nor verifies nor boots its images',
        ],
      };
    },
  },
  {
    name: 'live-build',
    title: 'live-build building an image of the packages of each role, against the cold bake',
    target: { of: 'ratio', atLeast: 2 },
    runs: 1,
    slow: true,
    measure: async (bench, runs) => {
      const peer = await bench.series('live-build, both roles', runs, () => timeLiveBuild(bench));
      const cold = await bench.cold();
      return {
        series: [peer, cold],
        ratio: ratioOf('live-build / cold bake', peer, cold),
        notes: [
          'live-build builds both images at once from a mirror on this machine, with the same zstd level for the squashfs; it boots nothing',
          'the other packages that it needs (live-boot, live-config, syslinux, xorriso, librsvg2-bin) come from the apt sources of this machine and are fetched before',
        ],
      };
    },
  },
  {
    name: 'limit',
    title: 'the cold bake against the theoretical minimum: unpack, hash, compress, boot each role once',
    target: { of: 'ratio', atMost: 1.8 },
    runs: 1,
    slow: true,
    measure: async (bench, runs) => {
      const store = await bench.warmStore();
      const parts: Record<string, Series['samples'][number][]> = {};
      const limit = await bench.series('the limit', runs, async () => {
        const { seconds, total } = await timeMinimum(bench, store);
        for (const [part, value] of Object.entries(seconds)) (parts[part] ??= []).push({ value });
        return { sample: { value: total } };
      });
      const cold = await bench.cold();
      const partSeries = Object.entries(parts).map(([label, samples]): Series => ({
        label: `of it: ${label}`,
        unit: 's',
        samples,
      }));
      return { series: [cold, limit, ...partSeries], ratio: ratioOf('cold bake / limit', cold, limit) };
    },
  },
];
