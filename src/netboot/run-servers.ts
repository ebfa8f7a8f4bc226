import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Host, Running } from '../host/host.ts';
import { IngotError } from '../host/ingot-error.ts';
import { LastLines } from '../host/last-lines.ts';

export interface ServersOptions {
  /** Absolute, empty: configurations, leases and pids lie in it while the servers run. */
  readonly folder: string;
  readonly dnsmasqConf: string;
  readonly nginxConf: string;
  /** Account of the processes that serve. */
  readonly user: string;
  readonly onDnsmasq: (line: string) => void;
  /** Lines of nginx's logs, once it serves. */
  readonly onNginx: (line: string) => void;
  /** Called when both listen. */
  readonly onReady: () => void;
  /** Ends both. */
  readonly signal: AbortSignal;
}

interface Server {
  readonly name: string;
  readonly running: Running;
  readonly last: LastLines;
}

const shownLines = 8;

/** What to do about a server that ended by itself, by what it said last. */
function adviceOn(said: string): string {
  if (/address already in use/i.test(said)) return 'another program has the port: ss -lntup shows which';
  if (/permission denied/i.test(said)) return 'run it as root';
  return 'its last lines say why';
}

function endedByItself({ name, last }: Server): IngotError {
  const lines = last.lines.slice(-shownLines);
  return new IngotError({
    code: 'command-failed',
    message: `${name} ended; it said:`,
    excerpt: lines,
    hint: adviceOn(lines.join('\n')),
  });
}

/** Resolves when nginx listens: it writes its pid after that. */
async function listens(pidFile: string, over: { yes: boolean }): Promise<void> {
  while (!existsSync(pidFile) && !over.yes) await wait(20);
}

/**
 * Runs dnsmasq and nginx until the signal is aborted, and leaves nothing of them behind.
 * nginxConf has to name `folder` for its logs and its runtime files, and to stay in the foreground.
 * @throws IngotError command-failed with its last lines when one of them ends by itself
 */
export async function runServers(host: Host, options: ServersOptions): Promise<void> {
  const { folder, signal } = options;
  const dnsmasqConf = join(folder, 'dnsmasq.conf');
  const nginxConf = join(folder, 'nginx.conf');
  await mkdir(folder, { recursive: true });
  await writeFile(dnsmasqConf, options.dnsmasqConf);
  await writeFile(nginxConf, options.nginxConf);
  const logs = ['access.log', 'error.log'].map((name) => join(folder, name));
  for (const log of logs) await writeFile(log, '');

  let ready = false;
  const servers: Server[] = [];
  const start = async (
    name: string,
    args: readonly string[],
    onLine: (line: string) => void,
  ): Promise<Server> => {
    const last = new LastLines(shownLines);
    const running = await host.start(name, args, {
      cwd: folder,
      signal,
      onLine: (line) => {
        last.add(line);
        onLine(line);
      },
    });
    const server = { name, running, last };
    servers.push(server);
    return server;
  };
  try {
    // nginx writes its logs to files alone; what it says while it starts goes to stderr as well.
    await start('tail', ['--quiet', '--lines=0', '--follow', ...logs], (line) => {
      if (ready) options.onNginx(line);
    });
    const nginx = await start('nginx', ['-p', folder, '-c', nginxConf], () => undefined);
    const over = { yes: false };
    void nginx.running.ended.then(() => {
      over.yes = true;
    });
    await listens(join(folder, 'nginx.pid'), over);
    await start(
      'dnsmasq',
      [
        ...[
          `--conf-file=${dnsmasqConf}`,
          '--keep-in-foreground',
          '--log-facility=-',
          `--user=${options.user}`,
        ],
        ...[`--dhcp-leasefile=${join(folder, 'leases')}`, '--pid-file'],
      ],
      (line) => {
        options.onDnsmasq(line);
        if (ready || over.yes || !line.includes(': started, version')) return;
        ready = true;
        options.onReady();
      },
    );
    const first = await Promise.race(servers.map(async (server) => (await server.running.ended, server)));
    if (!signal.aborted) throw endedByItself(first);
  } finally {
    await Promise.all(servers.map(({ running }) => running.end()));
  }
}
