import type { Host } from '../../host/host.ts';
import { IngotError } from '../../host/ingot-error.ts';
import type { RsyncDestination } from './destination.ts';

/** How rsync is run against one destination. */
export interface RsyncSettings {
  readonly host: Host;
  readonly destination: RsyncDestination;
  /** The user's environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** How long the first pause before another try is, in milliseconds; it doubles. */
  readonly pauseMs: number;
}

/** What of the user's environment reaches rsync and ssh: their identity, and rsync's own settings. */
const passed = ['HOME', 'USER', 'LOGNAME', 'SSH_AUTH_SOCK', 'RSYNC_PASSWORD', 'RSYNC_RSH', 'RSYNC_PROXY'];

/** Exit values after which another try may succeed (rsync(1), EXIT VALUES): sockets, streams, timeouts, ssh. */
const again = new Set([10, 12, 30, 35, 255]);
const tries = 4;

/** rsync reports an ssh that failed as 12 or as its own status (ssh(1), EXIT STATUS). */
const ofSsh = new Set([12, 255]);

const hints: Readonly<Record<number, string>> = {
  5: 'check the module and, for a daemon with users, RSYNC_PASSWORD',
  10: 'check the name, the port and whether the daemon runs',
  11: 'check the space and the permissions on the server',
  23: 'check the path and its permissions on the server; rsync makes only the last folder of a path',
};

/**
 * Runs rsync with ssh that asks no questions. What breaks off is tried again, up to four times; a partial file is
 * continued.
 * @param words options, sources and destination
 * @param accept further exit values that do not count as a failure
 * @returns the output
 * @throws IngotError publish-failed with rsync's own last lines
 */
export async function runRsync(
  { host, destination, env, signal, pauseMs }: RsyncSettings,
  words: readonly string[],
  {
    accept = [],
    onLine,
  }: { readonly accept?: readonly number[]; readonly onLine?: (line: string) => void } = {},
): Promise<string> {
  const own = Object.fromEntries(
    passed.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
  );
  const remote =
    env['RSYNC_RSH'] === undefined ? { RSYNC_RSH: 'ssh -o BatchMode=yes -o ConnectTimeout=20' } : {};
  const every = Array.from({ length: 256 }, (_, code) => code);
  for (let attempt = 1; ; attempt += 1) {
    const { exitCode, stdout, stderr } = await host.run('rsync', ['--timeout=60', ...words], {
      env: { ...remote, ...own },
      accept: every,
      signal,
      ...(onLine === undefined
        ? {}
        : {
            onLine: (line, stream) => {
              if (stream === 'stdout') onLine(line);
            },
          }),
    });
    if (exitCode === 0 || accept.includes(exitCode)) return stdout;
    if (attempt < tries && again.has(exitCode)) {
      await pause(pauseMs * 2 ** (attempt - 1), signal);
      continue;
    }
    const excerpt = stderr.trim().split('\n').slice(-6);
    throw new IngotError({
      code: excerpt.some((line) => line.includes('No space left')) ? 'no-space' : 'publish-failed',
      message: `rsync to ${destination.address} ended with status ${exitCode}${attempt > 1 ? ` in each of ${attempt} tries` : ''}; what was published before is unchanged`,
      excerpt,
      hint:
        (destination.overSsh && ofSsh.has(exitCode)
          ? 'check that ssh HOST works without a question (ingot never enters a password), and that rsync is installed there'
          : hints[exitCode]) ?? 'publish again: complete files are not sent again',
    });
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done, fail) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        fail(signal.reason as Error);
      },
      { once: true },
    );
  });
}
