import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/**
 * A web server that answers /CODE/… with that status, requires a login below /private/, and otherwise serves the files
 * of a folder.
 */
export interface AnsweringServer {
  readonly port: number;
  close(): Promise<void>;
}

export async function answer(folder: string, login: string, password: string): Promise<AnsweringServer> {
  const expected = `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`;
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname);
    const code = Number(/^\/(\d{3})\//.exec(path)?.[1] ?? 0);
    if (code > 0) return void response.writeHead(code, { 'Content-Length': 0 }).end();
    if (path.startsWith('/private/') && request.headers.authorization !== expected)
      return void response
        .writeHead(401, { 'WWW-Authenticate': 'Basic realm="toy"', 'Content-Length': 0 })
        .end();
    const file = join(folder, path.replace(/^\/private/, ''));
    const found = statSync(file, { throwIfNoEntry: false });
    if (found?.isFile() !== true) return void response.writeHead(404, { 'Content-Length': 0 }).end();
    response.writeHead(200, { 'Content-Length': found.size });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}
