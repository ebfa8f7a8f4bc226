import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awaitServer, generateLoad } from '../../../bench/netboot/load.ts';
import { type NetworkPair, openNetworkPair } from '../../../bench/netboot/network-pair.ts';
import { servers } from '../../../bench/netboot/servers.ts';
import { processTreeUsage } from '../../../bench/process-usage.ts';
import { makeHost } from '../../../src/host/make-host.ts';
import { loadTemplates } from '../../../src/inputs/load-templates.ts';
import { temporaryFolder } from '../../samples/temporary.ts';

const host = makeHost();
const templates = await loadTemplates('templates');
const { signal } = new AbortController();
const bytes = 3_000_000;
const boundSeconds = 30;
let network: NetworkPair;

beforeAll(async () => {
  network = await openNetworkPair(host, signal);
});
afterAll(async () => {
  await network.close();
});

describe.each(Object.values(servers))('many clients at $label', (kind) => {
  it('receive the whole root, each over its own TCP connection, and the cost for the server is measured', async () => {
    const folder = await temporaryFolder();
    const root = join(folder, 'tree');
    await mkdir(root);
    await writeFile(join(root, 'root.squashfs'), Buffer.alloc(bytes, 1));
    const settings = { address: network.serverAddress, port: 8080, root, folder: join(folder, 'server') };
    const url = `http://${settings.address}:8080/root.squashfs`;
    const [program, args] = network.inside('server', ...(await kind.command(templates, settings)));
    const server = await host.start(program, args, { signal });
    try {
      await awaitServer(host, network, url, signal);
      const before = await processTreeUsage(server.pid);
      const outcome = await generateLoad(host, network, { clients: 40, url, bytes, boundSeconds }, signal);
      const after = await processTreeUsage(server.pid);
      expect(outcome.failures).toBe(0);
      expect(outcome.seconds).toBeGreaterThan(0);
      expect(after.cpuSeconds).toBeGreaterThan(before.cpuSeconds);
      expect(after.memoryMiB).toBeGreaterThan(1);
      // A response of another length is not a root, whatever its status.
      const wrong = await generateLoad(
        host,
        network,
        { clients: 3, url, bytes: bytes + 1, boundSeconds },
        signal,
      );
      expect(wrong.failures).toBe(3);
    } finally {
      await server.end();
    }
  });
});

describe('the two networks', () => {
  it('reach each other and nothing else: a server of this machine is not reachable', async () => {
    const server = createServer((_request, response) => response.end('here'));
    await new Promise<void>((resolve) => server.listen(0, resolve));
    const address = server.address();
    const port = address === null || typeof address === 'string' ? 0 : address.port;
    try {
      const ask = ['curl', '-sS', '--max-time', '5', `http://127.0.0.1:${port}/`];
      expect((await host.run('curl', ask.slice(1))).stdout).toBe('here\n');
      await expect(host.run(...network.inside('clients', ...ask))).rejects.toMatchObject({
        code: 'command-failed',
      });
    } finally {
      server.close();
    }
  });

  it("use Debian's congestion control, whatever this machine uses", async () => {
    const { stdout } = await host.run(...network.inside('server', 'ip', 'route'));
    expect(stdout).toContain('congctl cubic');
  });
});
