import { createServer, type Socket } from 'node:net';
import { addressesOf, FrameReader } from './frame-reader.ts';

/**
 * A network that connects only guests: an Ethernet switch in this process, which every QEMU joins with -netdev stream.
 */
export interface GuestNetwork {
  /** Path of the unix socket that QEMU connects to. */
  readonly socket: string;
  /**
   * Drops every frame from and to this hardware address until `mend`. The card keeps its link, so the guest only sees
   * silence.
   */
  cut(mac: string): void;
  /** Ends a cut. */
  mend(mac: string): void;
  close(): Promise<void>;
}

// A guest that does not read loses frames, as with any switch.
const maxQueuedBytes = 4 * 1024 * 1024;

interface Port {
  readonly socket: Socket;
  /** The hardware address that the guest sends from; undefined until it has sent a frame. */
  mac: string | undefined;
}

/**
 * Opens the switch. It ends with this process, so it leaves nothing behind. The socket's path must be short (unix(7)).
 */
export async function openGuestNetwork(socketPath: string): Promise<GuestNetwork> {
  const ports = new Set<Port>();
  const silenced = new Set<string>();

  const pass = (from: Port, frame: Buffer): void => {
    const { destination, source } = addressesOf(frame);
    from.mac = source;
    if (silenced.has(source)) return;
    const known = [...ports].find(({ mac }) => mac === destination);
    for (const port of known === undefined ? ports : [known]) {
      if (port === from || (port.mac !== undefined && silenced.has(port.mac))) continue;
      if (port.socket.writableLength < maxQueuedBytes) port.socket.write(frame);
    }
  };

  const server = createServer((socket) => {
    const port: Port = { socket, mac: undefined };
    const frames = new FrameReader();
    ports.add(port);
    socket.on('data', (chunk) => {
      for (const frame of frames.read(chunk)) pass(port, frame);
    });
    socket.on('error', () => undefined); // the guest was powered off
    socket.on('close', () => ports.delete(port));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  return {
    socket: socketPath,
    cut: (mac) => void silenced.add(mac),
    mend: (mac) => void silenced.delete(mac),
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const { socket } of ports) socket.destroy();
      }),
  };
}
