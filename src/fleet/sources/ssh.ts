import { type ReadEnd, readProgram } from '../../host/read-program.ts';
import type { AnswerSource } from '../inventory/fleet-node.ts';
import type { QueryResult, SourceFailure } from './node-query.ts';

export interface SshOptions {
  /** ssh_config(5) to use instead of the user's own; undefined for the user's own. */
  readonly configFile: string | undefined;
  /** If true, read the last answer of the node's timer; if false, run a new check. */
  readonly last: boolean;
  readonly timeoutMs: number;
  /** The user's own environment; ssh gets the variables that it needs. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The commands that run on a node. Its account ops may use sudo without a password (docs/node.md). */
export const nodeCommands = {
  fresh: ['sudo', '--non-interactive', 'ingot-drift', '--json'],
  last: ['sudo', '--non-interactive', 'cat', '/run/ingot/drift.json'],
} as const;

/**
 * Whatever ssh_config refers to must work as when the user types ssh: agents, tickets, proxy programs. No other
 * variable is passed on.
 */
const passedVariables = [
  'HOME',
  'USER',
  'LOGNAME',
  'PATH',
  'SSH_AUTH_SOCK',
  'KRB5CCNAME',
  'XDG_RUNTIME_DIR',
  'XDG_CONFIG_HOME',
];

const defaultPath = '/usr/local/bin:/usr/bin:/bin';

/** The connect timeout. A host that is down gets less time than the whole check; a busy host still gets some. */
const connectSeconds = (timeoutMs: number): number =>
  Math.ceil(Math.min(timeoutMs, Math.max(10_000, timeoutMs / 4)) / 1000);

/**
 * Options that override what ssh_config(5) may set for interactive logins but a check must not use: another program or
 * a terminal, local commands, no command at all, the background. The command line takes precedence over the file.
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

/**
 * The arguments of ssh(1) for a node.
 * @param command what runs there, if it is not a check
 */
export function sshArguments(
  { host, user, port, jump }: Extract<AnswerSource, { kind: 'ssh' }>,
  { configFile, last, timeoutMs }: Omit<SshOptions, 'env'>,
  command: readonly string[] = last ? nodeCommands.last : nodeCommands.fresh,
): string[] {
  const option = (text: string): string[] => ['-o', text];
  return [
    ...(configFile === undefined ? [] : ['-F', configFile]),
    ...['-n', '-T'],
    ...option('BatchMode=yes'),
    ...option(`ConnectTimeout=${connectSeconds(timeoutMs)}`),
    ...option('ServerAliveInterval=15'),
    // Each check uses its own connection: no master connection is left behind, and an existing one is not used.
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
    ...command,
  ];
}

/** Failures that a retry does not change. */
const lasting =
  /Permission denied|Host key verification failed|Could not resolve hostname|no mutual|Bad configuration|Bad owner/;

const longestReason = 200;

/**
 * The message of ssh without the name and address of the node, so that a thousand nodes with the same problem share one
 * reason.
 */
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
): SourceFailure | undefined {
  const reason = commonReason(lastError, host).slice(0, longestReason);
  if (tookTooLong)
    return {
      why: `no answer within ${timeoutMs / 1000} s${reason === '' ? '' : `: ${reason}`}`,
      reached: false,
      again: true,
    };
  // 3 means drift (docs/drift.md); null means that we stopped reading.
  if (exitCode === 0 || exitCode === 3 || exitCode === null) return undefined;
  // 255 is ssh's own failure (ssh(1)).
  const own = exitCode === 255;
  return {
    why: reason === '' ? `exit status ${exitCode}` : reason,
    reached: !own,
    again: own && !lasting.test(reason),
  };
}

/** The environment of ssh: of the user's own, only what ssh needs. */
export function sshEnvironment(own: SshOptions['env']): Record<string, string> {
  const env = Object.fromEntries(
    passedVariables.flatMap((name) => {
      const value = own[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
  return { PATH: defaultPath, ...env, LC_ALL: 'C' };
}

/** Reads the answer of a node over the user's own ssh. */
export async function queryBySsh<T>(
  source: Extract<AnswerSource, { kind: 'ssh' }>,
  options: SshOptions,
  read: (chunks: AsyncIterable<Uint8Array>) => Promise<T>,
  signal: AbortSignal,
): Promise<QueryResult<T>> {
  const { timeoutMs } = options;
  const outcome = await readProgram(
    {
      program: 'ssh',
      args: sshArguments(source, options),
      env: sshEnvironment(options.env),
      timeoutMs,
      signal,
    },
    read,
  );
  const failure = failureOf(outcome.end, { host: source.host, timeoutMs });
  return { value: outcome.value, ...(failure === undefined ? {} : { failure }) };
}
