import { randomFillSync } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { IngotError } from '../../src/host/ingot-error.ts';
import type { UploadFigures } from '../../src/publish/ami/upload-snapshot.ts';
import type { Bench, Line } from '../bench.ts';
import type { Measured, Sample, Series } from '../result.ts';

const mebi = 1024 ** 2;
const latencyMs = 20;
/** AWS's limit of blocks in a second for each snapshot. */
const blockLimit = 1000;
/** The disk of a master of the example: 1,005 MiB, of which 246 MiB hold data. */
const exampleDisk = { label: 'a disk like that of the example', mebibytes: 1005, dataMebibytes: 246 };
const fullDisk = { label: 'a disk full of data', mebibytes: 512, dataMebibytes: 512 };

interface DiskKind {
  readonly label: string;
  readonly mebibytes: number;
  readonly dataMebibytes: number;
}

/** Writes a sparse disk whose begin is random data. */
async function writeDisk(path: string, { mebibytes, dataMebibytes }: DiskKind): Promise<void> {
  const file = await open(path, 'w');
  const chunk = Buffer.alloc(mebi);
  for (let written = 0; written < dataMebibytes; written += 1) await file.write(randomFillSync(chunk));
  await file.truncate(mebibytes * mebi);
  await file.close();
}

/** What the double saw. */
interface Seen {
  readonly mostPerSecond: number;
  readonly throttled: number;
}

/** Runs work with the double in a process of its own; returns what that saw as well. */
async function withDouble<T>(
  bench: Bench,
  scripts: string,
  work: (env: Record<string, string>) => Promise<T>,
): Promise<{ readonly done: T; readonly seen: Seen }> {
  const lines: string[] = [];
  let ready: (line: string) => void = () => undefined;
  const begun = new Promise<string>((begin) => {
    ready = begin;
  });
  const { host, signal } = bench.workspace;
  const double = await host.start(process.execPath, [join(scripts, 'ebs-double.js'), String(latencyMs)], {
    signal,
    onLine: (line) => {
      lines.push(line);
      ready(line);
    },
  });
  void double.ended.then(() => {
    ready('{}');
  });
  try {
    const done = await work(JSON.parse(await begun) as Record<string, string>);
    await double.end();
    return { done, seen: JSON.parse(lines.at(-1) ?? '{}') as Seen };
  } finally {
    await double.end();
  }
}

async function uploads(bench: Bench, kind: DiskKind, runs: number) {
  const { workspace } = bench;
  const scripts = join(await workspace.ingot(), 'dist/bench/children');
  const folder = workspace.path('ami');
  await mkdir(folder, { recursive: true });
  const disk = join(folder, 'disk.raw');
  await writeDisk(disk, kind);
  try {
    const samples: Sample[] = [];
    let most = 0;
    for (let run = 1; run <= runs; run += 1) {
      const { done, seen } = await withDouble(bench, scripts, async (env) => {
        const bytes = String(kind.dataMebibytes * mebi);
        const args = [join(scripts, 'ami-upload.js'), disk, bytes, join(folder, 'state'), `bench-${run}`];
        const { stdout } = await workspace.host.run(process.execPath, args, {
          env,
          signal: workspace.signal,
        });
        return JSON.parse(stdout) as UploadFigures;
      });
      if (seen.throttled > 0 || seen.mostPerSecond > blockLimit)
        throw new IngotError({
          code: 'command-failed',
          message: `the double saw ${seen.mostPerSecond} blocks in a second and refused ${seen.throttled}`,
        });
      most = Math.max(most, seen.mostPerSecond);
      samples.push({ value: done.diskBytes / mebi / done.seconds });
    }
    const series: Series = { label: kind.label, unit: 'MiB/s', samples };
    return { series, most };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureUploads(bench: Bench, runs: number): Promise<Measured> {
  const example = await uploads(bench, exampleDisk, runs);
  const full = await uploads(bench, fullDisk, runs);
  return {
    series: [example.series, full.series],
    notes: [
      `MiB of the whole disk in each second, of which only blocks with data are sent; every answer comes ${latencyMs} ms late; the double of AWS shares the processors`,
      `the most blocks in any second: ${Math.max(example.most, full.most)}; the double refuses more than ${blockLimit}`,
    ],
  };
}

/** 400 MB in MiB. */
const leastMebibytes = 382;

export const amiLines: readonly Line[] = [
  {
    name: 'ami',
    title: 'upload of a disk through the EBS direct APIs, to a double of AWS with 20 ms latency',
    target: { of: 'value', atLeast: leastMebibytes },
    runs: 5,
    measure: measureUploads,
  },
];
