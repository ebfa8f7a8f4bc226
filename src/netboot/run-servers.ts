import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Host, Running } from '../host/host.ts';
import { IngotError } from '../host/ingot-error.ts';
import { LastLines } from '../host/last-lines.ts';

export interface ServersOptions {
  /** Absolute, empty; holds configurations, leases and pid files while the servers run. */
  readonly folder: string;
  readonly dnsmasqConf: string;
  readonly nginxConf: string;
  /** Account that the serving processes run as. */
  readonly user: string;
  readonly onDnsmasq: (line: string) => void;
  /** Called with the lines of nginx's logs once it serves. */
  readonly onNginx: (line: string) => void;
  /** Called when both servers listen. */
  readonly onReady: () => void;
  /** Ends both servers. */
  readonly signal: AbortSignal;
}

interface Server {
  readonly name: string;
  readonly running: Running;
  readonly last: LastLines;
}

const shownLines = 8;

/** What to do about a server that ended unexpectedly, judged by its last lines. */
function adviceOn(output: string): string {
  if (/address already in use/i.test(output)) return 'another program has the port: ss -lntup shows which';
  if (/permission denied/i.test(output)) return 'run it as root';
  return 'its last lines say why';
}

function endedUnexpectedly({ name, last }: Server): IngotError {
  const lines = last.lines.slice(-shownLines);
  return new IngotError({
    code: 'command-failed',
    message: `${name} ended; its last lines:`,
    excerpt: lines,
    hint: adviceOn(lines.join('\n')),
  });
}

/** Resolves when nginx listens, which is when it has written its pid file. */
async function listens(pidFile: string, over: { yes: boolean }): Promise<void> {
  while (!existsSync(pidFile) && !over.yes) await wait(20);
}

/**
 * Runs dnsmasq and nginx until the signal is aborted, and leaves no process behind.
 * nginxConf must name `folder` for its logs and runtime files, and must keep nginx in the foreground.
 * @throws IngotError command-failed with its last lines if one of them ends unexpectedly
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
    // nginx writes its logs only to files. What it reports while it starts goes to stderr as well.
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
    if (!signal.aborted) throw endedUnexpectedly(first);
  } finally {
    await Promise.all(servers.map(({ running }) => running.end()));
  }
}
