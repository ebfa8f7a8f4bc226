import type { Host, RunResult } from '../host/host.ts';
import { inNetworkOf } from './private-network.ts';
import { sshValue } from './quote-ssh.ts';

export interface SshTarget {
  /** By default this host's own, where ports of guests are forwarded from. */
  readonly address?: string;
  readonly port: number;
  /** Process whose network the port is in; default this host's. */
  readonly networkOf?: number;
  readonly user: string;
  readonly keyFile: string;
  /** Further questions go through a connection that is there (ssh_config(5), ControlPath); a short absolute path. `open`: make it such a connection. */
  readonly shared?: { readonly socket: string; readonly open: boolean };
  /** During the question this port of the node's loopback interface leads to a unix socket of this host (ssh_config(5), RemoteForward). */
  readonly forward?: { readonly port: number; readonly socket: string };
}

function sshArguments(target: SshTarget): string[] {
  const option = (text: string): string[] => ['-o', text];
  return [
    // A throw-away guest, whose host key is as new as it is: that nobody else answers is what the network of its own is for.
    ...option('StrictHostKeyChecking=no'),
    ...option('UserKnownHostsFile=/dev/null'),
    ...option('BatchMode=yes'),
    ...option('LogLevel=ERROR'),
    ...option('ConnectTimeout=10'),
    ...option('ServerAliveInterval=15'),
    ...(target.shared === undefined
      ? []
      : [
          ...option(`ControlPath=${sshValue(target.shared.socket)}`),
          ...option(`ControlMaster=${target.shared.open ? 'yes' : 'no'}`),
        ]),
    ...(target.forward === undefined
      ? []
      : [
          ...option('ExitOnForwardFailure=yes'),
          ...option(`RemoteForward=127.0.0.1:${target.forward.port} ${sshValue(target.forward.socket)}`),
        ]),
    ...option(`IdentityFile=${sshValue(target.keyFile)}`),
    ...['-F', 'none', '-p', String(target.port), `${target.user}@${target.address ?? '127.0.0.1'}`],
  ];
}

export interface NodeRunOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with each line of stdout as it comes. */
  readonly onLine?: (line: string) => void;
}

/** Runs a shell text on the node as root; any exit status is an answer, 255 is ssh's own (ssh(1)). */
export async function runOnNode(
  host: Host,
  target: SshTarget,
  script: string,
  { signal, onLine }: NodeRunOptions = {},
): Promise<RunResult> {
  const words = [...sshArguments(target), 'sudo', '--non-interactive', '/bin/sh', '-s'];
  const ssh = { program: 'ssh', args: words };
  const { program, args } = target.networkOf === undefined ? ssh : inNetworkOf(target.networkOf, ssh);
  return host.run(program, args, {
    input: script,
    accept: Array.from({ length: 256 }, (_, code) => code),
    ...(signal === undefined ? {} : { signal }),
    ...(onLine === undefined
      ? {}
      : {
          onLine: (line, stream) => {
            if (stream === 'stdout') onLine(line);
          },
        }),
  });
}
