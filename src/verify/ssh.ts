import type { Host, RunResult } from '../host/host.ts';

export interface SshTarget {
  /** By default this host's own, where ports of guests are forwarded from. */
  readonly address?: string;
  readonly port: number;
  readonly user: string;
  readonly keyFile: string;
  /** Further questions go through a connection that is there (ssh_config(5), ControlPath); a short absolute path. `open`: make it such a connection. */
  readonly shared?: { readonly socket: string; readonly open: boolean };
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
    ...(target.shared === undefined
      ? []
      : [
          ...option(`ControlPath="${target.shared.socket}"`),
          ...option(`ControlMaster=${target.shared.open ? 'yes' : 'no'}`),
        ]),
    ...[
      '-F',
      'none',
      '-i',
      target.keyFile,
      '-p',
      String(target.port),
      `${target.user}@${target.address ?? '127.0.0.1'}`,
    ],
  ];
}

/**
 * Runs a shell text on the node as root; any exit status is an answer, 255 is ssh's own (ssh(1)).
 * @param onLine called with each line of stdout as it comes
 */
export async function askNode(
  host: Host,
  target: SshTarget,
  script: string,
  signal?: AbortSignal,
  onLine?: (line: string) => void,
): Promise<RunResult> {
  return host.run('ssh', [...sshArguments(target), 'sudo', '--non-interactive', '/bin/sh', '-s'], {
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
