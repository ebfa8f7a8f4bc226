import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { renderNginx } from '../../src/render/render-nginx.ts';
import { renderFrom, type Templates } from '../../src/render/templates.ts';

/** Where a server of the bench runs. */
export interface Place {
  readonly address: string;
  readonly port: number;
  /** Absolute folder that is served. */
  readonly root: string;
  /** Absolute folder for all that the server writes. */
  readonly folder: string;
}

/** A server that is measured. */
export interface ServerKind {
  readonly label: string;
  /** Writes what it needs and gives the command that runs it in the foreground. */
  command(templates: Templates, place: Place): Promise<readonly string[]>;
}

async function nginx({ folder }: Place, text: string): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'nginx.conf');
  await writeFile(file, text);
  return ['nginx', '-c', file, '-p', folder];
}

/** Ours first: what it is compared with comes after it. */
export const servers = {
  ours: {
    label: 'nginx by ingot',
    command: (templates, place) =>
      nginx(
        place,
        renderNginx(templates, {
          listen: [`${place.address}:${place.port}`],
          root: place.root,
          logs: place.folder,
          runtime: place.folder,
          // The bench's folder may be below a folder that only root can enter.
          user: 'root',
          foreground: true,
        }),
      ),
  },
  best: {
    label: 'nginx at its best',
    command: (templates, place) =>
      nginx(
        place,
        renderFrom(templates, 'bench/netboot/nginx-best.conf.hbs', {
          ...place,
          listen: `${place.address}:${place.port}`,
        }),
      ),
  },
  python: {
    label: 'python3 -m http.server',
    command: (_templates, { address, port, root }) =>
      Promise.resolve([
        '/usr/bin/python3',
        '-m',
        'http.server',
        '--bind',
        address,
        '--directory',
        root,
        String(port),
      ]),
  },
} as const satisfies Record<string, ServerKind>;
