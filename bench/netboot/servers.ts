import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { renderNginx } from '../../src/render/render-nginx.ts';
import { renderFrom, type Templates } from '../../src/render/templates.ts';

/** The address and the folders of a server of the benchmark. */
export interface ServerSettings {
  readonly address: string;
  readonly port: number;
  /** Absolute path of the folder that is served. */
  readonly root: string;
  /** Absolute path of the folder for the configuration and for everything that the server writes. */
  readonly folder: string;
}

/** A server that is measured. */
export interface ServerKind {
  readonly label: string;
  /** Writes its configuration and returns the command that runs it in the foreground. */
  command(templates: Templates, settings: ServerSettings): Promise<readonly string[]>;
}

async function nginx({ folder }: ServerSettings, text: string): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'nginx.conf');
  await writeFile(file, text);
  return ['nginx', '-c', file, '-p', folder];
}

/** The server that ingot configures, followed by the ones that it is compared with. */
export const servers = {
  ours: {
    label: 'nginx by ingot',
    command: (templates, settings) =>
      nginx(
        settings,
        renderNginx(templates, {
          listen: [`${settings.address}:${settings.port}`],
          root: settings.root,
          logs: settings.folder,
          runtime: settings.folder,
          // The benchmark's folder may be below a folder that only root can enter.
          user: 'root',
          foreground: true,
        }),
      ),
  },
  best: {
    label: 'nginx at its best',
    command: (templates, settings) =>
      nginx(
        settings,
        renderFrom(templates, 'bench/netboot/nginx-best.conf.hbs', {
          ...settings,
          listen: `${settings.address}:${settings.port}`,
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
