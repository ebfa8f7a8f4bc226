import { join } from 'node:path';
import type { Host } from '../host/host.ts';
import { IngotError } from '../host/ingot-error.ts';
import { closedToOthers } from '../host/readable-by-others.ts';
import { requireRoot } from '../host/require-root.ts';
import { netbootPrograms, requirePrograms } from '../host/required-programs.ts';
import { withTemporaryFolder } from '../host/with-temporary-folder.ts';
import { renderDnsmasq } from '../render/render-dnsmasq.ts';
import { renderNginx } from '../render/render-nginx.ts';
import { checkInterface } from './check-interface.ts';
import { checkPorts } from './check-ports.ts';
import { DnsmasqLog } from './dnsmasq-log.ts';
import type { MachineEvent } from './machine-event.ts';
import { type MachineProgress, MachineTable } from './machine-progress.ts';
import { type GeneratedTree, makeNetbootTree, type NetbootTreeRequest } from './netboot-tree.ts';
import { readAccess } from './read-access.ts';
import { runServers } from './run-servers.ts';
import { shownText } from './shown-text.ts';

export interface ServeRequest extends NetbootTreeRequest {
  readonly interface: string;
  readonly signal: AbortSignal;
  /** Called when both servers listen. */
  readonly onReady: (made: GeneratedTree) => void;
  readonly onProgress: (progress: MachineProgress) => void;
  /** Called with nginx's messages that are not about a machine. */
  readonly onLine: (line: string) => void;
}

/** The account of the serving processes, which only need to read what everybody may read. */
const servingUser = 'www-data';

async function refuseClosed(folder: string): Promise<void> {
  const [closed] = await closedToOthers(folder);
  if (closed === undefined) return;
  throw new IngotError({
    code: 'unusable-folder',
    message: `the servers run as ${servingUser}, who cannot enter ${closed}`,
    hint: `name a folder that all can read with --into FOLDER, or chmod o+x ${closed}`,
  });
}

/** Returns a function that tells whether a hardware address, with colons, is in the inventory. */
function listedIn(machines: GeneratedTree['plan']['machines']): (mac: string) => boolean {
  return (mac) => {
    const number = BigInt(`0x${mac.replaceAll(':', '')}`);
    return machines.some(({ macs: [first, last] }) => first <= number && number <= last);
  };
}

/**
 * Creates the tree and serves it on one interface until the signal is aborted.
 * @throws IngotError missing-program, or host-not-ready for the interface and the ports
 * @throws IngotError unusable-folder for a folder that the servers cannot read
 * @throws IngotError command-failed if a server ends
 */
export async function serveTree(host: Host, request: ServeRequest): Promise<void> {
  requireRoot('serving DHCP');
  requirePrograms(netbootPrograms);
  const made = await makeNetbootTree({ ...request, warn: host.warn });
  const { plan, templates, cluster } = made;
  await checkInterface(host, request.interface, plan.server);
  await checkPorts(host, request.interface, plan.server, plan.port);
  await refuseClosed(join(request.into, 'tree'));
  const table = new MachineTable(listedIn(plan.machines));
  const log = new DnsmasqLog();
  const take = (seen: MachineEvent): void => {
    for (const progress of table.take(seen, host.now())) request.onProgress(progress);
  };
  await withTemporaryFolder(async (folder) => {
    await runServers(host, {
      folder,
      user: servingUser,
      dnsmasqConf: renderDnsmasq(templates, cluster, plan, request.into),
      nginxConf: renderNginx(templates, {
        listen: [`${plan.server}:${plan.port}`],
        root: join(request.into, 'tree'),
        logs: folder,
        runtime: folder,
        user: servingUser,
        foreground: true,
        machines: plan.machines,
      }),
      signal: request.signal,
      onReady: () => {
        request.onReady(made);
      },
      onDnsmasq: (line) => {
        log.read(line).forEach(take);
      },
      onNginx: (line) => {
        const seen = readAccess(line);
        if (seen !== undefined) take(seen);
        else if (!line.startsWith('{')) request.onLine(shownText(line));
      },
    });
  });
}
