import type { Host } from '../host/host.ts';
import { IngotError } from '../host/ingot-error.ts';
import { type Listener, listeners } from '../host/listeners.ts';

interface Wanted {
  readonly protocol: Listener['protocol'];
  readonly port: number;
  readonly for: string;
}

/** Whether a socket receives packets that arrive for the server's address on the interface. */
function takes({ address }: Listener, server: string, name: string): boolean {
  const [bare = '', bound] = address.split('%');
  if (bound !== undefined && bound !== name) return false;
  return [server, '0.0.0.0', '*', '[::]'].includes(bare);
}

/**
 * Checks that the servers' ports are free. If another program allows it, nginx and dnsmasq would share a port with that
 * program, and each would get only a part of the traffic.
 * @throws IngotError host-not-ready that names the program that uses a port
 */
export async function checkPorts(host: Host, name: string, server: string, httpPort: number): Promise<void> {
  const wanted: readonly Wanted[] = [
    { protocol: 'tcp', port: httpPort, for: 'HTTP' },
    { protocol: 'udp', port: 67, for: 'DHCP' },
    { protocol: 'udp', port: 69, for: 'TFTP' },
  ];
  const listening = await listeners(host);
  for (const one of wanted) {
    const taken = listening.find(
      (other) => other.protocol === one.protocol && other.port === one.port && takes(other, server, name),
    );
    if (taken === undefined) continue;
    const other = one.for === 'HTTP' ? ', or name another netboot.port in the spec' : '';
    throw new IngotError({
      code: 'host-not-ready',
      message: `port ${one.port} (${one.for}) of ${server} is taken by ${taken.program === '' ? 'another program' : taken.program}`,
      hint: `stop it: ss -lntup shows its process${other}`,
    });
  }
}
