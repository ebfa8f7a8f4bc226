import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join, normalize } from 'node:path';

export interface FolderServer {
  /** http://127.0.0.1:PORT, without a slash at its end. */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves the files of a folder by HTTP on the loopback interface, to programs that take packages only from a mirror. */
export async function serveFolder(folder: string): Promise<FolderServer> {
  const server = createServer((request, response) => {
    // normalize() of a path that begins with a slash cannot lead above it.
    const path = join(
      folder,
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
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
