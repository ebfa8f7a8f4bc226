import { cpus } from 'node:os';
import type { Host } from '../../src/host/host.ts';
import type { NetworkPair } from './network-pair.ts';
import { clientsPerProcess, completeTransfers, transferFormat } from './transfers.ts';

export interface Load {
  readonly clients: number;
  readonly url: string;
  /** The size of the file behind the URL. */
  readonly bytes: number;
  /** The time limit of a client. */
  readonly boundSeconds: number;
}

export interface LoadOutcome {
  /** From the start of the clients until the last has its file or has given up. */
  readonly seconds: number;
  /** Clients that did not get the whole file. */
  readonly failures: number;
}

// The status of curl reports only that a transfer failed; its output shows which.
const anyStatus = Array.from({ length: 126 }, (_, status) => status);

/**
 * Lets many clients fetch one file at once, each over its own connection, from as many processes of curl(1) as there
 * are
 * cores.
 */
export async function generateLoad(
  host: Host,
  network: NetworkPair,
  { clients, url, bytes, boundSeconds }: Load,
  signal: AbortSignal,
): Promise<LoadOutcome> {
  const options = ['--silent', '--no-progress-meter', '--max-time', String(boundSeconds)];
  const atOnce = ['--parallel', '--parallel-immediate', '--parallel-max', '300'];
  const begun = performance.now();
  const printed = await Promise.all(
    clientsPerProcess(clients, cpus().length).map((share) =>
      host.run(
        ...network.inside(
          'clients',
          'curl',
          ...options,
          ...atOnce,
          '--write-out',
          transferFormat,
          '--config',
          '-',
        ),
        { input: `url = "${url}"\noutput = "/dev/null"\n`.repeat(share), accept: anyStatus, signal },
      ),
    ),
  );
  const seconds = (performance.now() - begun) / 1000;
  const complete = completeTransfers(printed.map(({ stdout }) => stdout).join(''), bytes);
  return { seconds, failures: clients - complete };
}

/**
 * Waits until the server answers and fetches a file once, so that the file is in memory.
 * @throws IngotError command-failed when it does not answer within 20 s
 */
export async function awaitServer(
  host: Host,
  network: NetworkPair,
  url: string,
  signal: AbortSignal,
): Promise<void> {
  const retries = [
    '--fail',
    '--retry',
    '20',
    '--retry-connrefused',
    '--retry-delay',
    '1',
    '--retry-max-time',
    '20',
  ];
  await host.run(...network.inside('clients', 'curl', '-sS', ...retries, '-o', '/dev/null', url), {
    signal,
  });
}
