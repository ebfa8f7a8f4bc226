import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join, normalize } from 'node:path';

export interface FolderServer {
  /** http://127.0.0.1:PORT, without a trailing slash. */
  readonly url: string;
  close(): Promise<void>;
}

/** An HTTP server of files; `folderOf` maps the path of a URL to a file of this host. */
function fileServer(folderOf: (path: string) => string): Server {
  return createServer((request, response) => {
    // normalize() of a path that begins with a slash cannot lead above the root.
    const path = folderOf(
      normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname)),
    );
    void stat(path).then(
      (found) => {
        if (!found.isFile()) {
          response.writeHead(404).end();
          return;
        }
        response.writeHead(200, { 'content-length': found.size, 'last-modified': found.mtime.toUTCString() });
        if (request.method === 'HEAD') response.end();
        else createReadStream(path).pipe(response);
      },
      () => response.writeHead(404).end(),
    );
  });
}

const closing = (server: Server) => (): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });

/**
 * Serves the files of a folder over HTTP on the loopback interface, for programs that take packages only from a mirror.
 */
export async function serveFolder(folder: string): Promise<FolderServer> {
  const server = fileServer((path) => join(folder, path));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return { url: `http://127.0.0.1:${address.port}`, close: closing(server) };
}

/**
 * Serves folders over HTTP on a unix socket, for guests that reach it through ssh.
 * @param folders path of the URL ("/slave/20261124-bbbbbbbbbbbb") → absolute folder; nothing else is served
 * @param socket absolute and short (unix(7))
 */
export async function serveOnSocket(
  folders: ReadonlyMap<string, string>,
  socket: string,
): Promise<Pick<FolderServer, 'close'>> {
  const server = fileServer((path) => {
    const [prefix, folder] = [...folders].find(([start]) => path.startsWith(`${start}/`)) ?? [];
    return prefix === undefined || folder === undefined ? '' : join(folder, path.slice(prefix.length));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, resolve);
  });
  return { close: closing(server) };
}
