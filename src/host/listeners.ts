import type { Host } from './host.ts';

/** A socket that a program listens on. */
export interface Listener {
  readonly protocol: 'tcp' | 'udp';
  /** As ss(8) shows it: an address, 0.0.0.0, [::] or *; with %INTERFACE if it is bound to an interface. */
  readonly address: string;
  readonly port: number;
  /** The program's name; empty if it is not visible. */
  readonly program: string;
}

/** Parses a line of `ss -Hlntup`: protocol, state, queues, local address and port, peer, program. */
export function readListener(line: string): Listener | undefined {
  const [protocol, , , , local = '', , program = ''] = line.trim().split(/\s+/);
  const [, address, port] = /^(.*):(\d+)$/.exec(local) ?? [];
  if ((protocol !== 'tcp' && protocol !== 'udp') || address === undefined) return undefined;
  return { protocol, address, port: Number(port), program: /"([^"]*)"/.exec(program)?.[1] ?? '' };
}

/** All listening sockets of this host, or of its network namespace. */
export async function listeners(host: Host): Promise<readonly Listener[]> {
  const { stdout } = await host.run('ss', ['-H', '-l', '-n', '-t', '-u', '-p']);
  return stdout.split('\n').flatMap((line) => readListener(line) ?? []);
}
