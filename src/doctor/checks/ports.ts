import { type Listener, listeners } from '../../host/listeners.ts';
import { privateNetwork } from '../../vm/private-network.ts';
import { type Finding, found, fromError, type HostCheck, ok } from '../finding.ts';

const wanted = [
  { protocol: 'udp', port: 67, for: 'DHCP' },
  { protocol: 'udp', port: 69, for: 'TFTP' },
  { protocol: 'tcp', port: 80, for: 'HTTP' },
] as const;

/** Returns whether the ports of `ingot netboot serve` are free. A bake needs none of them. */
export function judgePorts(listening: readonly Listener[]): Finding[] {
  const taken = wanted.flatMap((one) => {
    const by = listening.find(({ protocol, port }) => protocol === one.protocol && port === one.port);
    return by === undefined ? [] : [{ ...one, program: by.program === '' ? 'another program' : by.program }];
  });
  if (taken.length === 0) return [ok('ports', 'the ports of ingot netboot serve are free')];
  return taken.map(({ port, protocol, for: use, program }) =>
    found(
      'ports',
      'warning',
      `port ${port}/${protocol} (${use}) is taken by ${program}; only for ingot netboot serve`,
      `ss -lntup 'sport = :${port}' shows its process`,
    ),
  );
}

/** The ports of `ingot netboot serve`, and whether guests get a network that no other user can reach. */
export const checkFreePorts: HostCheck = async (host) => {
  const own = await privateNetwork(host);
  return [
    own === undefined
      ? found(
          'ports',
          'warning',
          'this host refuses network namespaces: other users could connect to the ports of guests',
          'as root: sysctl kernel.unprivileged_userns_clone=1; of a container: --cap-add SYS_ADMIN',
        )
      : ok('ports', 'guests get a network of their own'),
    ...(await listeners(host).then(judgePorts, (error: unknown) => [
      { ...fromError('ports', error), state: 'warning' as const },
    ])),
  ];
};
