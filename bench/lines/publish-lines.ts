import { spawn } from 'node:child_process';
import { createHash, randomFillSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, open, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { bootRecordName, bootRecordText } from '../../src/version/boot-record.ts';
import { sumsText } from '../../src/version/sums.ts';
import { alternateRuns } from '../alternate.ts';
import type { Bench, Line } from '../bench.ts';
import type { Measured, Series } from '../result.ts';
import { ratioOf } from '../statistics.ts';

const address = '127.0.0.1:5977';
const fileNames = ['disk.qcow2', 'root.squashfs'];
const mebibyte = 1024 ** 2;

/** Writes a file that nothing compresses, and returns its digest. */
async function writeRandom(file: string, mebibytes: number): Promise<string> {
  const hash = createHash('sha256');
  const handle = await open(file, 'w');
  try {
    const block = Buffer.alloc(mebibyte);
    for (let done = 0; done < mebibytes; done += 1) {
      randomFillSync(block);
      hash.update(block);
      await handle.write(block);
    }
  } finally {
    await handle.close();
  }
  return hash.digest('hex');
}

/** A version of 1 GiB: two large files, as a disk image and a root are. */
async function largeVersion(folder: string): Promise<ReadonlyMap<string, string>> {
  await mkdir(folder, { recursive: true });
  const digests = new Map<string, string>();
  for (const name of fileNames) digests.set(name, await writeRandom(join(folder, name), 512));
  const boot = bootRecordText({
    ...{
      schema: 2,
      role: 'slave',
      version: '20261129-3a53b04ef46e',
      rootHash: 'ab'.repeat(32),
      rootBytes: 1,
    },
    ...{
      kernelArguments: [],
      memoryMiB: 1,
      cluster: 'bench',
      date: '2026-11-29T00:00:00Z',
      production: true,
    },
    ...{ architecture: 'amd64', layout: 'mesosphere' },
  });
  await writeFile(join(folder, bootRecordName), boot);
  digests.set(bootRecordName, createHash('sha256').update(boot).digest('hex'));
  await writeFile(join(folder, 'SHA256SUMS'), sumsText(digests));
  return digests;
}

/** Runs work with Debian's docker-registry on loopback, without TLS and without a login. */
async function withRegistry<T>(folder: string, work: () => Promise<T>): Promise<T> {
  await mkdir(folder, { recursive: true });
  const config = join(folder, 'config.yml');
  const storage = { filesystem: { rootdirectory: join(folder, 'storage') } };
  await writeFile(config, JSON.stringify({ version: 0.1, storage, http: { addr: address } }));
  const server = spawn('docker-registry', ['serve', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    for await (const line of createInterface({ input: server.stderr })) if (line.includes('listening')) break;
    server.stderr.resume();
    return await work();
  } finally {
    const ended = once(server, 'exit');
    server.kill();
    await ended;
    await rm(folder, { recursive: true, force: true });
  }
}

const curl = `set -e
for file in ${fileNames.join(' ')}; do
  digest=$(grep " $file\\$" "$1/SHA256SUMS" | cut -d' ' -f1)
  location=$(curl -sfi -X POST "http://${address}/v2/$2/blobs/uploads/" | tr -d '\\r' | sed -n 's/^Location: //p')
  curl -sf -H 'Content-Type: application/octet-stream' -T "$1/$file" "$location&digest=sha256:$digest"
done`;

async function againstCurl(bench: Bench, runs: number): Promise<Measured> {
  const { workspace } = bench;
  const folder = workspace.path('publish');
  const version = join(folder, 'version');
  try {
    await largeVersion(version);
    const script = join(await workspace.ingot(), 'dist/bench/children/publish.js');
    let repository = 0;
    const next = () => `bench/${(repository += 1)}`;
    const [own, plain] = await withRegistry(join(folder, 'registry'), () =>
      alternateRuns(
        runs,
        ['ingot publish', 'curl'],
        [
          () => workspace.time(process.execPath, [script, version, `oci+http://${address}/${next()}`]),
          () => workspace.time('sh', ['-c', curl, 'sh', version, next()]),
        ],
      ),
    );
    const mostMiB: Series = {
      label: 'largest process of ingot publish',
      unit: 'MiB',
      samples: own.samples.map(({ largestMiB = 0 }) => ({ value: largestMiB })),
    };
    return {
      series: [own, plain, mostMiB],
      ratio: ratioOf('throughput, ingot publish / curl', plain, own),
      notes: [
        '1 GiB in two files; ingot also reads everything back and compares the digests before the tag moves, curl does not',
        'without the verification of the version before, which every publication has, whatever the place',
      ],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export const publishLines: readonly Line[] = [
  {
    name: 'publish',
    title: '1 GiB to a registry on loopback, against curl',
    target: { of: 'ratio', atLeast: 0.5 },
    runs: 3,
    slow: true,
    measure: againstCurl,
  },
  {
    name: 'publish-memory',
    title: 'peak memory of ingot publish with 1 GiB',
    target: { of: 'value', atMost: 143 },
    runs: 3,
    slow: true,
    // Of the line before, if it was measured.
    measure: async (bench, runs) => {
      const before = bench.recorded('publish') ?? (await againstCurl(bench, runs));
      return { series: before.series.filter(({ unit }) => unit === 'MiB'), notes: ['150 MB are 143 MiB'] };
    },
  },
];
