import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A web server with git's own CGI program (git-http-backend(1)), which wants a login if one is given. */
export interface GitServer {
  /** host:port */
  readonly host: string;
  /** How many requests had the right login. */
  readonly welcome: () => number;
  close(): Promise<void>;
}

/** Serves the bare repositories of a folder. A request without the login is refused with 401. */
export async function serveGit(root: string, login?: string): Promise<GitServer> {
  let welcome = 0;
  const server = createServer((request, response) => {
    const wanted = login && `Basic ${Buffer.from(login).toString('base64')}`;
    if (wanted !== undefined && request.headers.authorization !== wanted) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
      return;
    }
    welcome += 1;
    const { pathname, search } = new URL(request.url ?? '/', 'http://localhost');
    const cgi = spawn('git', ['http-backend'], {
      env: {
        ...{ PATH: process.env['PATH'], GIT_PROJECT_ROOT: root, GIT_HTTP_EXPORT_ALL: '1' },
        ...{ REQUEST_METHOD: request.method, PATH_INFO: pathname, QUERY_STRING: search.slice(1) },
        ...{ CONTENT_TYPE: request.headers['content-type'], REMOTE_ADDR: '127.0.0.1' },
        HTTP_CONTENT_ENCODING: request.headers['content-encoding'],
        GIT_PROTOCOL: request.headers['git-protocol']?.toString(),
      },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    request.pipe(cgi.stdin);
    const chunks: Buffer[] = [];
    cgi.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    cgi.on('close', () => {
      const all = Buffer.concat(chunks);
      const end = all.indexOf('\r\n\r\n');
      const headers = all.toString('latin1', 0, end).split('\r\n');
      let status = 200;
      for (const header of headers) {
        const [, name = '', value = ''] = /^([^:]+): (.*)$/.exec(header) ?? [];
        if (name.toLowerCase() === 'status') status = Number.parseInt(value, 10);
        else if (name !== '') response.setHeader(name, value);
      }
      response.writeHead(status).end(all.subarray(end + 4));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    welcome: () => welcome,
    close: () =>
      new Promise((closed) => {
        server.closeAllConnections();
        server.close(() => {
          closed();
        });
      }),
  };
}
