import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { IngotError } from '../../src/host/ingot-error.ts';
import { LastLines } from '../../src/host/last-lines.ts';
import { requireRoot } from '../../src/host/require-root.ts';
import type { Bench } from '../bench.ts';
import { processTreeUsage } from '../process-usage.ts';
import { awaitServer, generateLoad, type LoadOutcome } from './load.ts';
import { type NetworkPair, openNetworkPair } from './network-pair.ts';
import { type ServerKind, servers } from './servers.ts';

export type ServerName = keyof typeof servers;

/** One run of many clients at one server. */
export interface LoadRun extends LoadOutcome {
  /** The CPU time of the server's processes while they served. */
  readonly cpuSeconds: number;
  /** The sum of the peak memory of the server's processes. */
  readonly memoryMiB: number;
}

export interface LoadOptions {
  readonly clients: number;
  /** Bytes of the file that each fetches. */
  readonly bytes: number;
  readonly runs: number;
}

/** The time limit of a client, the same for every server. */
const boundSeconds = 30;
const port = 8080;
const path = '/images/slave/1/root.squashfs';

async function oneRun(
  bench: Bench,
  network: NetworkPair,
  kind: ServerKind,
  { clients, bytes }: LoadOptions,
): Promise<LoadRun> {
  const { host, signal } = bench.workspace;
  const folder = bench.workspace.path('netboot');
  const settings = {
    address: network.serverAddress,
    port,
    root: join(folder, 'tree'),
    folder: join(folder, 'server'),
  };
  const url = `http://${settings.address}:${port}${path}`;
  const last = new LastLines(20);
  const command = await kind.command(bench.templates, settings);
  const server = await host.start(...network.inside('server', ...command), {
    signal,
    onLine: (line) => {
      last.add(line);
    },
  });
  try {
    await awaitServer(host, network, url, signal);
    const before = await processTreeUsage(server.pid);
    const outcome = await generateLoad(host, network, { clients, url, bytes, boundSeconds }, signal);
    const after = await processTreeUsage(server.pid);
    if (outcome.failures === clients)
      throw new IngotError({
        code: 'command-failed',
        message: `${kind.label}: none of ${clients} clients fetched its whole root`,
        excerpt: last.lines,
        hint: `the configuration and the logs of the server: ${settings.folder}`,
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

/**
 * The servers of one run, in order. The two nginx alternate in coming first; Python runs only once, because it may take
 * as long as the clients wait.
 */
function serversOfRun(run: number): readonly ServerName[] {
  const both: readonly ServerName[] = run % 2 === 0 ? ['ours', 'best'] : ['best', 'ours'];
  return run === 0 ? [...both, 'python'] : both;
}

/** Measures the servers alternately under the same load; before each run the file is read once. */
export async function measureLoad(
  bench: Bench,
  options: LoadOptions,
): Promise<Readonly<Record<ServerName, readonly LoadRun[]>>> {
  requireRoot('a network namespace for the netboot server');
  const { workspace } = bench;
  const { host, signal } = workspace;
  const tree = workspace.path('netboot', 'tree');
  await mkdir(join(tree, 'images/slave/1'), { recursive: true });
  // Any bytes will do, because nothing compresses them on the way; but a sparse file would not have to be read.
  await host.run(
    'sh',
    ['-euc', 'head -c "$1" /dev/urandom >"$2"', 'sh', String(options.bytes), tree + path],
    {
      signal,
    },
  );
  const network = await openNetworkPair(host, signal);
  const runs: Record<ServerName, LoadRun[]> = { ours: [], best: [], python: [] };
  try {
    for (let run = 0; run < options.runs; run += 1)
      for (const name of serversOfRun(run))
        runs[name].push(await oneRun(bench, network, servers[name], options));
  } finally {
    await network.close();
    await rm(workspace.path('netboot'), { recursive: true, force: true });
  }
  return runs;
}
