import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { latestPath } from '../../src/store/latest-version.ts';
import { type BootTimes, secondsOf } from '../../src/vm/boot-stages.ts';
import type { Bench, Line } from '../bench.ts';
import { conventionalRoot } from '../conventional-root.ts';
import { bootNode } from '../node-boot.ts';
import type { Measured, Series } from '../result.ts';
import { ratioOf } from '../statistics.ts';

const stages = ['firmware', 'loader', 'kernel', 'initrd', 'user space', 'services'] as const;
const stageLabel = (stage: (typeof stages)[number]): string =>
  stage === 'user space' ? 'user space until ssh' : stage;

/** The seconds from the start of the kernel, which both roots need: the conventional root has no loader here. */
const fromKernel = (times: BootTimes): number =>
  stages.slice(2).reduce((sum, stage) => sum + secondsOf(times, stage), 0);

const seriesOf = (label: string, times: readonly BootTimes[], pick: (one: BootTimes) => number): Series => ({
  label,
  unit: 's',
  samples: times.map((one) => ({ value: pick(one) })),
});

async function bootToHealthy(bench: Bench, runs: number): Promise<Measured> {
  const { workspace } = bench;
  const store = await bench.warmStore();
  const folder = workspace.path('conventional');
  const disk = join(latestPath(workspace.path(store), 'slave'), 'disk.qcow2');
  try {
    const conventional = await conventionalRoot(bench, store, 'slave', folder);
    const golden: BootTimes[] = [];
    const other: BootTimes[] = [];
    const states = new Set<string>();
    for (let run = 1; run <= runs; run += 1) {
      const own = await bootNode(bench, `g${run}`, 'slave', { kind: 'disk', disk, firmware: 'bios' });
      const peer = await bootNode(bench, `c${run}`, 'slave', conventional);
      golden.push(own.boot);
      other.push(peer.boot);
      states.add(own.state).add(peer.state);
    }
    const own = seriesOf('golden root, from the kernel', golden, fromKernel);
    const peer = seriesOf('ext4 root, from the kernel', other, fromKernel);
    return {
      series: [
        own,
        peer,
        ...stages.map((stage) =>
          seriesOf(`golden: ${stageLabel(stage)}`, golden, (one) => secondsOf(one, stage)),
        ),
        ...stages
          .slice(2)
          .map((stage) => seriesOf(`ext4: ${stageLabel(stage)}`, other, (one) => secondsOf(one, stage))),
        seriesOf('golden: power on to healthy', golden, ({ healthySeconds }) => healthySeconds),
      ],
      ratio: ratioOf('golden / ext4, from the kernel', own, peer),
      notes: [
        `only a slave, by BIOS; systemd reports "${[...states].join('", "')}"`,
        'the ext4 root is the same tree with the same kernel and initrd, which QEMU loads itself, so it does not wait for firmware and loader',
        'healthy: systemd has finished all jobs of the boot; a slave without a master keeps searching for one',
      ],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export const bootLines: readonly Line[] = [
  {
    name: 'boot',
    title: 'boot to healthy by stage, the golden root against the same packages on a conventional ext4 root',
    target: { of: 'ratio', atMost: 1 },
    runs: 2,
    slow: true,
    measure: bootToHealthy,
  },
];
