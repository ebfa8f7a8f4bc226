import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { makeHost } from '../../../src/host/make-host.ts';
import { freePort } from '../../../src/vm/free-port.ts';

/** A real sshd of this machine with its own keys, which answers as the nodes of a fleet would. */
export interface SshFleet {
  readonly folder: string;
  readonly port: number;
  /** For ssh -F: every name is that sshd. */
  readonly sshConfig: string;
  stop(): Promise<void>;
}

/** A server listens when its port accepts a connection; nothing else announces it. */
export async function listening(port: number, server: ChildProcess, said: () => string): Promise<void> {
  for (;;) {
    if (server.exitCode !== null) throw new Error(`the server ended: ${said()}`);
    const socket = connect(port, '127.0.0.1');
    const up = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (up) return;
    await wait(50);
  }
}

/**
 * Starts it.
 * @param kinds the beginnings of names
 * @param program shell script that answers, in `folder`; $NODE is the requested kind
 */
export async function startSshFleet(kinds: readonly string[], program: string): Promise<SshFleet> {
  const folder = await mkdtemp(join(tmpdir(), 'ingot-sshd-'));
  const host = makeHost();
  const port = await freePort();
  for (const name of ['host', 'user'])
    await host.run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)]);
  await host.run('cp', [join(folder, 'user.pub'), join(folder, 'authorized_keys')]);
  const answer = join(folder, 'answer');
  await writeFile(answer, `#!/bin/sh\ncd '${folder}'\n${program}\n`);
  await chmod(answer, 0o755);
  await mkdir('/run/sshd', { recursive: true });
  await writeFile(
    join(folder, 'sshd_config'),
    [
      `Port ${String(port)}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${join(folder, 'host')}`,
      `AuthorizedKeysFile ${join(folder, 'authorized_keys')}`,
      `PidFile ${join(folder, 'pid')}`,
      'UsePAM no',
      'StrictModes no',
      'PasswordAuthentication no',
      'PermitRootLogin yes',
      'AcceptEnv NODE',
      // Debian's bash would read ~/.bashrc of the user who runs the tests in every session (bash(1), SHLVL below 2).
      'SetEnv SHLVL=2',
      // The default 10:30:100 refuses new connections while others still log in.
      'MaxStartups 1000',
      'LoginGraceTime 0',
      `ForceCommand ${answer}`,
      '',
    ].join('\n'),
  );
  const sshConfig = join(folder, 'ssh_config');
  await writeFile(
    sshConfig,
    [
      'Host gone*',
      '  Port 1',
      ...kinds.flatMap((kind) => [`Host ${kind}*`, `  SetEnv NODE=${kind}`]),
      'Host *',
      '  HostName 127.0.0.1',
      `  Port ${String(port)}`,
      `  User ${userInfo().username}`,
      `  IdentityFile ${join(folder, 'user')}`,
      '  IdentitiesOnly yes',
      '  HostKeyAlias fleet',
      `  UserKnownHostsFile ${join(folder, 'known_hosts')}`,
      '  StrictHostKeyChecking yes',
      '',
    ].join('\n'),
  );
  const { stdout } = await host.run('cat', [join(folder, 'host.pub')]);
  await writeFile(join(folder, 'known_hosts'), `fleet ${stdout}`);
  let said = '';
  const sshd = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', join(folder, 'sshd_config')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  sshd.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4000)));
  await listening(port, sshd, () => said);
  return {
    folder,
    port,
    sshConfig,
    stop: async () => {
      sshd.kill('SIGTERM');
      if (sshd.exitCode === null && sshd.signalCode === null) await once(sshd, 'exit');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
