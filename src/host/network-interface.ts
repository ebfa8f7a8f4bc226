import type { Host } from './host.ts';

export interface NetworkInterface {
  readonly up: boolean;
  /** IPv4 addresses. */
  readonly addresses: readonly string[];
}

interface IpAddress {
  readonly flags: readonly string[];
  readonly addr_info: readonly { readonly family: string; readonly local: string }[];
}

/** The state of an interface as ip-address(8) reports it; undefined if it does not exist. */
export async function networkInterface(host: Host, name: string): Promise<NetworkInterface | undefined> {
  const { exitCode, stdout } = await host.run('ip', ['-json', 'address', 'show', 'dev', name], {
    accept: [0, 1],
  });
  if (exitCode !== 0) return undefined;
  const [found] = JSON.parse(stdout) as IpAddress[];
  if (found === undefined) return undefined;
  return {
    up: found.flags.includes('UP'),
    addresses: found.addr_info.filter(({ family }) => family === 'inet').map(({ local }) => local),
  };
}
