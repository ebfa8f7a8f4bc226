import { cpus } from 'node:os';
import type { Host } from '../../src/host/host.ts';
import type { NetworkPair } from './network-pair.ts';
import { sharedOut, transferFormat, wholeTransfers } from './transfers.ts';

export interface Crowd {
  readonly clients: number;
  readonly url: string;
  /** Of the file behind the URL. */
  readonly bytes: number;
  /** After so many seconds a client gives up. */
  readonly boundSeconds: number;
}

export interface CrowdOutcome {
  /** From the start of the clients until the last has its file or has given up. */
  readonly seconds: number;
  /** Clients that did not get the whole file. */
  readonly failures: number;
}

// curl says with its status that a transfer failed; which did is in what it prints.
const anyStatus = Array.from({ length: 126 }, (_, status) => status);

/** Lets so many clients fetch one file at once, each over a connection of its own, with as many processes of curl(1) as there are cores. */
export async function sendCrowd(
  host: Host,
  network: NetworkPair,
  { clients, url, bytes, boundSeconds }: Crowd,
  signal: AbortSignal,
): Promise<CrowdOutcome> {
  const options = ['--silent', '--no-progress-meter', '--max-time', String(boundSeconds)];
  const atOnce = ['--parallel', '--parallel-immediate', '--parallel-max', '300'];
  const begun = performance.now();
  const printed = await Promise.all(
    sharedOut(clients, cpus().length).map((share) =>
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
  const whole = wholeTransfers(printed.map(({ stdout }) => stdout).join(''), bytes);
  return { seconds, failures: clients - whole };
}

/**
 * Fetches a file once, as soon as the server answers: after that the file is in memory.
 * @throws IngotError command-failed when it does not answer within 20 s
 */
export async function awaitServer(
  host: Host,
  network: NetworkPair,
  url: string,
  signal: AbortSignal,
): Promise<void> {
  const patience = [
    '--fail',
    '--retry',
    '20',
    '--retry-connrefused',
    '--retry-delay',
    '1',
    '--retry-max-time',
    '20',
  ];
  await host.run(...network.inside('clients', 'curl', '-sS', ...patience, '-o', '/dev/null', url), {
    signal,
  });
}
