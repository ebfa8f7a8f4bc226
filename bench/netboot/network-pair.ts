import type { Host, Running } from '../../src/host/host.ts';

/**
 * Two network namespaces, connected by one virtual cable: the server's and its clients'. They end with the last process
 * in them.
 */
export interface NetworkPair {
  readonly serverAddress: string;
  /** The command line that runs a program on one side. */
  inside(side: 'server' | 'clients', ...command: readonly string[]): [program: string, args: string[]];
  close(): Promise<void>;
}

const network = '10.9.0.0/24';
const serverAddress = '10.9.0.1';
const clientsAddress = '10.9.0.2';

/** Starts a process that keeps a network namespace open until it is ended; resolves when the namespace exists. */
async function holdNetwork(host: Host, signal: AbortSignal): Promise<Running> {
  const state: { ready?: () => void } = {};
  const ready = new Promise<void>((resolve) => {
    state.ready = resolve;
  });
  const holder = await host.start('unshare', ['--net', 'sh', '-c', 'echo ready; exec sleep infinity'], {
    signal,
    onLine: () => state.ready?.(),
  });
  await Promise.race([ready, holder.ended]);
  return holder;
}

const nsenter = (holder: Running, command: readonly string[]): [string, string[]] => [
  'nsenter',
  [`--net=/proc/${holder.pid}/ns/net`, '--', ...command],
];

/**
 * Creates the two networks. TCP between them is the kernel's own, over a pair of virtual cards (veth(4)), with Debian's
 * congestion control, cubic. It is set on the route (ip-route(8), congctl), because a network namespace cannot set
 * another one than the machine's.
 * @throws IngotError command-failed when not run as root
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
