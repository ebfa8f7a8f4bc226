import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { IngotError } from '../../src/host/ingot-error.ts';
import { LastLines } from '../../src/host/last-lines.ts';
import { requireRoot } from '../../src/host/require-root.ts';
import type { Bench } from '../bench.ts';
import { familyUsage } from '../process-usage.ts';
import { awaitServer, type CrowdOutcome, sendCrowd } from './crowd.ts';
import { type NetworkPair, openNetworkPair } from './network-pair.ts';
import { type ServerKind, servers } from './servers.ts';

export type ServerName = keyof typeof servers;

/** One crowd at one server. */
export interface CrowdRun extends CrowdOutcome {
  /** What the server's processes took while they served it. */
  readonly cpuSeconds: number;
  /** The most that the server's processes held. */
  readonly memoryMiB: number;
}

export interface CrowdWanted {
  readonly clients: number;
  /** Bytes of the file that each fetches. */
  readonly bytes: number;
  readonly runs: number;
}

/** A client gives up after so many seconds, at any server. */
const boundSeconds = 30;
const port = 8080;
const path = '/images/slave/1/root.squashfs';

async function oneRun(
  bench: Bench,
  network: NetworkPair,
  kind: ServerKind,
  { clients, bytes }: CrowdWanted,
): Promise<CrowdRun> {
  const { host, signal } = bench.workshop;
  const folder = bench.workshop.path('netboot');
  const place = {
    address: network.serverAddress,
    port,
    root: join(folder, 'tree'),
    folder: join(folder, 'server'),
  };
  const url = `http://${place.address}:${port}${path}`;
  const last = new LastLines(20);
  const command = await kind.command(bench.templates, place);
  const server = await host.start(...network.inside('server', ...command), {
    signal,
    onLine: (line) => {
      last.add(line);
    },
  });
  try {
    await awaitServer(host, network, url, signal);
    const before = await familyUsage(server.pid);
    const outcome = await sendCrowd(host, network, { clients, url, bytes, boundSeconds }, signal);
    const after = await familyUsage(server.pid);
    if (outcome.failures === clients)
      throw new IngotError({
        code: 'command-failed',
        message: `${kind.label}: none of ${clients} clients got its root`,
        excerpt: last.lines,
        hint: `what it was told lies in ${place.folder}`,
      });
    return {
      ...outcome,
      cpuSeconds: after.cpuSeconds - before.cpuSeconds,
      memoryMiB: after.memoryMiB,
    };
  } finally {
    await server.end();
  }
}

/** Who is sent the crowd in one turn, in this order: the two nginx, the one and the other first; the third once, for it may take as long as clients wait. */
function turn(run: number): readonly ServerName[] {
  const both: readonly ServerName[] = run % 2 === 0 ? ['ours', 'best'] : ['best', 'ours'];
  return run === 0 ? [...both, 'python'] : both;
}

/** Sends a crowd at the servers in turns, so often; the file is read once before each. */
export async function measureCrowd(
  bench: Bench,
  wanted: CrowdWanted,
): Promise<Readonly<Record<ServerName, readonly CrowdRun[]>>> {
  requireRoot('a network namespace for the netboot server');
  const { workshop } = bench;
  const { host, signal } = workshop;
  const tree = workshop.path('netboot', 'tree');
  await mkdir(join(tree, 'images/slave/1'), { recursive: true });
  // Nothing on the way compresses, so any bytes do; a hole would not have to be read.
  await host.run('sh', ['-euc', 'head -c "$1" /dev/urandom >"$2"', 'sh', String(wanted.bytes), tree + path], {
    signal,
  });
  const network = await openNetworkPair(host, signal);
  const runs: Record<ServerName, CrowdRun[]> = { ours: [], best: [], python: [] };
  try {
    for (let run = 0; run < wanted.runs; run += 1)
      for (const name of turn(run)) runs[name].push(await oneRun(bench, network, servers[name], wanted));
  } finally {
    await network.close();
    await rm(workshop.path('netboot'), { recursive: true, force: true });
  }
  return runs;
}
