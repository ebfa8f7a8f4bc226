import { join } from 'node:path';
import type { Host, Running, RunResult } from '../host/host.ts';

export interface SshTarget {
  readonly port: number;
  readonly user: string;
  readonly keyFile: string;
  /** Absolute folder for the control socket, so that one connection serves all questions; a short path (unix(7) allows 108 bytes). */
  readonly folder: string;
}

function sshArguments(target: SshTarget): string[] {
  const option = (text: string): string[] => ['-o', text];
  return [
    // A throw-away guest on the loopback interface: its host key is as new as it is.
    ...option('StrictHostKeyChecking=no'),
    ...option('UserKnownHostsFile=/dev/null'),
    ...option('BatchMode=yes'),
    ...option('LogLevel=ERROR'),
    ...option('ConnectTimeout=10'),
    ...option('ServerAliveInterval=15'),
    ...option(`ControlPath=${join(target.folder, 'ssh')}`),
    ...['-F', 'none', '-i', target.keyFile, '-p', String(target.port), `${target.user}@127.0.0.1`],
  ];
}

/** Runs a shell text on the node as root; any exit status is an answer, 255 is ssh's own (ssh(1)). */
export async function askNode(
  host: Host,
  target: SshTarget,
  script: string,
  signal?: AbortSignal,
): Promise<RunResult> {
  return host.run('ssh', [...sshArguments(target), 'sudo', '--non-interactive', '/bin/sh', '-s'], {
    input: script,
    accept: Array.from({ length: 256 }, (_, code) => code),
    ...(signal === undefined ? {} : { signal }),
  });
}

/**
 * Opens one connection that serves all questions that follow, which saves their handshakes: slow on an emulated node. Questions asked before it is there
 * connect by themselves. It is to be ended by the caller; a connection in ssh's own background (ControlPersist) would keep our pipes open.
 */
export function keepConnected(host: Host, target: SshTarget, signal?: AbortSignal): Running {
  return host.start('ssh', ['-M', '-N', ...sshArguments(target)], signal === undefined ? {} : { signal });
}
