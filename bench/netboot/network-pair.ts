import type { Host, Running } from '../../src/host/host.ts';

/** Two networks of their own with one cable between them: a server's and its clients'. They are gone when nothing runs in them. */
export interface NetworkPair {
  readonly serverAddress: string;
  /** The command line that runs a program on one side. */
  inside(side: 'server' | 'clients', ...command: readonly string[]): [program: string, args: string[]];
  close(): Promise<void>;
}

const network = '10.9.0.0/24';
const serverAddress = '10.9.0.1';
const clientsAddress = '10.9.0.2';

/** Holds a network open until it is ended; resolves when the network is there. */
async function holdNetwork(host: Host, signal: AbortSignal): Promise<Running> {
  const state: { there?: () => void } = {};
  const there = new Promise<void>((resolve) => {
    state.there = resolve;
  });
  const holder = await host.start('unshare', ['--net', 'sh', '-c', 'echo there; exec sleep infinity'], {
    signal,
    onLine: () => state.there?.(),
  });
  await Promise.race([there, holder.ended]);
  return holder;
}

const nsenter = (holder: Running, command: readonly string[]): [string, string[]] => [
  'nsenter',
  [`--net=/proc/${holder.pid}/ns/net`, '--', ...command],
];

/**
 * Makes the two networks. TCP between them is the kernel's own, over a pair of virtual cards (veth(4)), with the congestion control that Debian
 * has: cubic, by the route, for a network of its own may not choose another than the machine's (ip-route(8), congctl).
 * @throws IngotError command-failed without the rights of root
 */
export async function openNetworkPair(host: Host, signal: AbortSignal): Promise<NetworkPair> {
  const server = await holdNetwork(host, signal);
  const clients = await holdNetwork(host, signal);
  const close = async (): Promise<void> => {
    await Promise.all([server.end(), clients.end()]);
  };
  const up = (card: string, address: string) =>
    [
      'ip link set lo up',
      `ip address add ${address}/24 dev ${card}`,
      `ip link set ${card} up`,
      `ip route replace ${network} dev ${card} src ${address} congctl cubic`,
    ].join('; ');
  try {
    const cable = `ip link add server0 type veth peer name client0 netns ${clients.pid}`;
    await host.run(...nsenter(server, ['sh', '-euc', `${cable}; ${up('server0', serverAddress)}`]), {
      signal,
    });
    await host.run(...nsenter(clients, ['sh', '-euc', up('client0', clientsAddress)]), { signal });
  } catch (error) {
    await close();
    throw error;
  }
  return {
    serverAddress,
    inside: (side, ...command) => nsenter(side === 'server' ? server : clients, command),
    close,
  };
}
