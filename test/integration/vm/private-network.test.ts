import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeHost } from '../../../src/host/make-host.ts';
import { sshConfig } from '../../../src/rehearse/ssh-config.ts';
import { awaitOwnNetwork, inNetworkOf, privateNetwork } from '../../../src/vm/private-network.ts';

const host = makeHost();
const listen =
  'import socket,time;s=socket.create_server(("127.0.0.1",2222));c=s.accept()[0];c.sendall(b"the guest\\n");c.close();time.sleep(60)';
const read = 'import socket;print(socket.create_connection(("127.0.0.1",2222),5).recv(99).decode())';

/** A replacement for QEMU with its forwarded port. */
async function guest() {
  const network = await privateNetwork(host);
  if (network === undefined) throw new Error('these tests run where a network namespace can be made');
  const { program, args } = network.start('python3', ['-c', listen]);
  const running = await host.start(program, args);
  onTestFinished(() => running.end({ signal: 'SIGKILL' }));
  await awaitOwnNetwork(running);
  return running;
}

/** Waits until the port has a listener. */
async function ask(pid: number): Promise<string> {
  const { program, args } = inNetworkOf(pid, { program: 'python3', args: ['-c', read] });
  for (;;) {
    const { exitCode, stdout } = await host.run(program, args, { accept: [0, 1] });
    if (exitCode === 0) return stdout.trim();
  }
}

test('the port of a guest is answered by the guest, whoever listens at that port of this host', async () => {
  const impostor = createServer((socket) => socket.end('an impostor\n'));
  // If somebody already has the port, that one is the impostor.
  await new Promise<void>((resolve) => {
    impostor.once('error', () => {
      resolve();
    });
    impostor.listen(2222, '127.0.0.1', resolve);
  });
  onTestFinished(() => void impostor.close());
  expect(await ask((await guest()).pid)).toBe('the guest');
});

test('a guest that has ended is not mistaken for this host', async () => {
  const running = await guest();
  await running.end({ signal: 'SIGKILL' });
  const { program, args } = inNetworkOf(running.pid, { program: 'true', args: [] });
  const { exitCode } = await host.run(program, args, { accept: [0, 1] });
  expect(exitCode).toBe(1);
});

test('a person reaches a node with the configuration that is kept, through ssh of this host', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ingot ssh %d '));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const { pid } = await guest();
  const ssh = { port: 2222, user: 'ops', keyFile: join(folder, 'key'), networkOf: pid };
  const text = sshConfig([{ name: 'master-1', ssh }], process.execPath);
  const { stdout } = await host.run('sh', ['-c', `cat >"$0/c" && ssh -G -F "$0/c" master-1`, folder], {
    input: text,
  });
  expect(stdout).toContain(`identityfile ${join(folder, 'key').replaceAll('%', '%%')}`);
  const proxy = /^proxycommand (.*)$/m.exec(stdout)?.[1] ?? '';
  const { program, args } = {
    program: 'timeout',
    // ssh itself writes "exec" before it (ssh_config(5), ProxyCommand), and bash accepts no second one.
    args: ['20', 'bash', '-c', `(exec ${proxy}) </dev/null | head -n 1`],
  };
  expect((await host.run(program, args)).stdout).toBe('the guest\n');
});
