import { randomBytes } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Instance {
  readonly id: string;
  readonly mac: string;
  readonly address: string;
  readonly userData: string;
}

export interface MetadataService {
  /** Port on the loopback interface. */
  readonly port: number;
  /** "METHOD PATH STATUS", in order. */
  readonly asked: readonly string[];
  close(): void;
}

/**
 * The paths below /VERSION/ and their contents (EC2 User Guide, "Instance metadata categories"); a path that has others
 * below it is listed.
 */
function tree({ id, mac, address, userData }: Instance): Readonly<Record<string, string>> {
  const card = `meta-data/network/interfaces/macs/${mac}/`;
  return {
    'user-data': userData,
    'dynamic/instance-identity/document': JSON.stringify({ instanceId: id, region: 'eu-central-1' }),
    'meta-data/instance-id': id,
    'meta-data/local-ipv4': address,
    'meta-data/mac': mac,
    [`${card}device-number`]: '0',
    [`${card}local-ipv4s`]: address,
    [`${card}subnet-ipv4-cidr-block`]: '169.254.0.0/16',
  };
}

/** The names below a folder, one a line, as EC2 lists them; undefined if there are none. */
function listing(files: Readonly<Record<string, string>>, path: string): string | undefined {
  const folder = `${path.replace(/\/$/, '')}/`;
  const below = Object.keys(files).filter((file) => file.startsWith(folder));
  const names = below.map((file) => /^[^/]+\/?/.exec(file.slice(folder.length))?.[0] ?? '');
  return names.length === 0 ? undefined : [...new Set(names)].join('\n');
}

/**
 * The metadata service of one instance, only version 2: without the token from a PUT, no request is answered (EC2 User
 * Guide, "Use IMDSv2").
 */
export async function startMetadata(instance: Instance): Promise<MetadataService> {
  const files = tree(instance);
  const token = randomBytes(16).toString('base64');
  const asked: string[] = [];
  const server = createServer((request, response: ServerResponse) => {
    const { method = '', url = '' } = request;
    const answer = (status: number, text = ''): void => {
      asked.push(`${method} ${url} ${status}`);
      response.writeHead(status, { 'content-type': 'text/plain' }).end(text);
    };
    const path = url.replace(/^\/[^/]+\//, '');
    if (method === 'PUT' && path === 'api/token') answer(200, token);
    else if (request.headers['x-aws-ec2-metadata-token'] !== token) answer(401);
    else {
      const found = files[path] ?? listing(files, path);
      answer(found === undefined ? 404 : 200, found);
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
