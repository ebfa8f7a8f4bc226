import { type ReadEnd, readProgram } from '../../host/read-program.ts';
import type { Source } from '../inventory/fleet-node.ts';
import type { Asked, AskFailure } from './asking.ts';

export interface SshOptions {
  /** ssh_config(5) in the place of the user's own; undefined for that. */
  readonly configFile: string | undefined;
  /** Look anew, or take what the node's timer has left. */
  readonly last: boolean;
  readonly timeoutMs: number;
  /** The user's own environment: of it ssh is given what it needs. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What is run on a node; its account ops may use sudo without a password (docs/node.md). */
export const nodeCommands = {
  fresh: ['sudo', '--non-interactive', 'ingot-drift', '--json'],
  last: ['sudo', '--non-interactive', 'cat', '/run/ingot/drift.json'],
} as const;

/** Whatever ssh_config names is to work as when the user types ssh: agents, tickets, programs for a proxy. Nothing else goes along. */
const passedOn = [
  'HOME',
  'USER',
  'LOGNAME',
  'PATH',
  'SSH_AUTH_SOCK',
  'KRB5CCNAME',
  'XDG_RUNTIME_DIR',
  'XDG_CONFIG_HOME',
];

const usualPath = '/usr/local/bin:/usr/bin:/bin';

/** A host that is down is not waited for as long as one that works; one that is busy may let us wait for a while. */
const connectSeconds = (timeoutMs: number): number =>
  Math.ceil(Math.min(timeoutMs, Math.max(10_000, timeoutMs / 4)) / 1000);

/**
 * What an interactive login may have in ssh_config(5) and a question may not: a program or a terminal of its own, commands on this
 * side, no command at all, the background. The command line comes first, so it wins over the file.
 */
const oneCommand = [
  'RemoteCommand=none',
  'RequestTTY=no',
  'SessionType=default',
  'ForkAfterAuthentication=no',
  'PermitLocalCommand=no',
  'Tunnel=no',
  'ForwardX11=no',
  'VisualHostKey=no',
  'LogVerbose=none',
];

/** The arguments of ssh(1) for a node. */
export function sshArguments(
  { host, user, port, jump }: Extract<Source, { kind: 'ssh' }>,
  { configFile, last, timeoutMs }: Omit<SshOptions, 'env'>,
): string[] {
  const option = (text: string): string[] => ['-o', text];
  return [
    ...(configFile === undefined ? [] : ['-F', configFile]),
    ...['-n', '-T'],
    ...option('BatchMode=yes'),
    ...option(`ConnectTimeout=${connectSeconds(timeoutMs)}`),
    ...option('ServerAliveInterval=15'),
    // A connection of its own for each: no master is left behind, and none that is there is in the way.
    ...option('ControlMaster=no'),
    ...option('ControlPath=none'),
    ...option('LogLevel=ERROR'),
    ...option('ForwardAgent=no'),
    ...option('ClearAllForwardings=yes'),
    ...oneCommand.flatMap(option),
    ...(jump === undefined ? [] : option(`ProxyJump=${jump}`)),
    ...(port === undefined ? [] : ['-p', String(port)]),
    ...(user === undefined ? [] : ['-l', user]),
    '--',
    host,
    ...(last ? nodeCommands.last : nodeCommands.fresh),
  ];
}

/** Said of a failure that another try does not change. */
const lasting =
  /Permission denied|Host key verification failed|Could not resolve hostname|no mutual|Bad configuration|Bad owner/;

const longestReason = 200;

/** What ssh says without the name and address of the node, so that a thousand nodes with the same trouble have one reason. */
export function commonReason(line: string, host: string): string {
  const name = host.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return line
    .replace(/^ssh: connect to host \S+ (port \d+: )/, '$1')
    .replace(/^ssh: (Could not resolve hostname) \S+:/, '$1:')
    .replace(/^\S+@\S+: (?=Permission denied)/, '')
    .replace(/ (?:by|from|to|with) (?:UNKNOWN|[0-9A-Fa-f.:]+) port \d+/, '')
    .replace(new RegExp(`(?<![\\w.-])${name}(?![\\w.-])`, 'g'), '…');
}

function failureOf(
  { exitCode, tookTooLong, lastError }: ReadEnd,
  { host, timeoutMs }: { readonly host: string; readonly timeoutMs: number },
): AskFailure | undefined {
  const said = commonReason(lastError, host).slice(0, longestReason);
  if (tookTooLong)
    return {
      why: `no answer within ${timeoutMs / 1000} s${said === '' ? '' : `: ${said}`}`,
      reached: false,
      again: true,
    };
  // 3 is drift (docs/drift.md); null: we have seen enough.
  if (exitCode === 0 || exitCode === 3 || exitCode === null) return undefined;
  // 255 is ssh's own (ssh(1)).
  const own = exitCode === 255;
  return {
    why: said === '' ? `exit status ${exitCode}` : said,
    reached: !own,
    again: own && !lasting.test(said),
  };
}

/** Asks a node over the user's own ssh. */
export async function askBySsh<T>(
  source: Extract<Source, { kind: 'ssh' }>,
  options: SshOptions,
  read: (chunks: AsyncIterable<Uint8Array>) => Promise<T>,
  signal: AbortSignal,
): Promise<Asked<T>> {
  const env = Object.fromEntries(
    passedOn.flatMap((name) => {
      const value = options.env[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
  const { timeoutMs } = options;
  const asked = await readProgram(
    {
      program: 'ssh',
      args: sshArguments(source, options),
      env: { PATH: usualPath, ...env, LC_ALL: 'C' },
      timeoutMs,
      signal,
    },
    read,
  );
  const failure = failureOf(asked.end, { host: source.host, timeoutMs });
  return { value: asked.value, ...(failure === undefined ? {} : { failure }) };
}
