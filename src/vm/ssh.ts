import type { Host, RunResult } from '../host/host.ts';
import { inNetworkOf } from './private-network.ts';
import { sshValue } from './quote-ssh.ts';

export interface SshTarget {
  /** Default: this host's loopback address, where ports of guests are forwarded from. */
  readonly address?: string;
  readonly port: number;
  /** The process in whose network namespace the port is; default: this host's. */
  readonly networkOf?: number;
  readonly user: string;
  readonly keyFile: string;
  /**
   * Absolute path of a control socket (ssh_config(5), ControlPath), which must be short. Commands reuse its connection;
   * `open` makes this command open it.
   */
  readonly shared?: { readonly socket: string; readonly open: boolean };
  /**
   * While the command runs, this port of the node's loopback interface leads to a unix socket of this host
   * (ssh_config(5), RemoteForward).
   */
  readonly forward?: { readonly port: number; readonly socket: string };
}

/** The arguments of ssh(1) that lead to a guest, without a command. */
export function guestSshArguments(target: SshTarget): string[] {
  const option = (text: string): string[] => ['-o', text];
  return [
    // The guest is thrown away and its host key is new. Its own network namespace ensures that nobody else answers.
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

/** Runs a shell script on the node as root. Any exit status is accepted as an answer; 255 is ssh's own (ssh(1)). */
export async function runOnNode(
  host: Host,
  target: SshTarget,
  script: string,
  { signal, onLine }: NodeRunOptions = {},
): Promise<RunResult> {
  const words = [...guestSshArguments(target), 'sudo', '--non-interactive', '/bin/sh', '-s'];
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
