import { chmod, mkdir, mkdtemp, readFile, rm, watch, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Running } from '../../../src/host/host.ts';
import { makeHost } from '../../../src/host/make-host.ts';
import { loadTemplates } from '../../../src/inputs/load-templates.ts';
import { type NginxContext, renderNginx } from '../../../src/render/render-nginx.ts';
import { freePort } from '../../../src/vm/free-port.ts';

export const host = makeHost();
const templates = await loadTemplates('templates');

/** A netboot tree with the configuration of renderNginx(). */
export interface Tree {
  /** Folder of the tree and of the files that nginx needs. */
  readonly folder: string;
  readonly root: string;
  readonly configuration: string;
  readonly url: string;
}

/** Writes files (path below the tree → content) and their nginx.conf below a folder of that name. */
export async function layTree(name: string, files: Readonly<Record<string, string>>): Promise<Tree> {
  const folder = await mkdtemp(join(tmpdir(), name));
  // The accounts of nginx's processes must be able to read it.
  await chmod(folder, 0o755);
  const root = join(folder, 'tree');
  const port = await freePort();
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  const logs = join(folder, 'logs');
  const runtime = join(folder, 'run');
  await mkdir(logs);
  await mkdir(runtime);
  const context: NginxContext = {
    listen: [`127.0.0.1:${port}`],
    root,
    logs,
    runtime,
    user: process.getuid?.() === 0 ? 'www-data' : null,
    foreground: true,
  };
  const configuration = join(folder, 'nginx.conf');
  await writeFile(configuration, renderNginx(templates, context));
  return { folder, root, configuration, url: `http://127.0.0.1:${port}` };
}

/** Starts nginx in the foreground; resolves when it listens (it writes its pid after that). */
export async function startNginx({ folder, configuration }: Tree): Promise<Running> {
  const stop = new AbortController();
  const seen = (async () => {
    for await (const { filename } of watch(join(folder, 'run'), { signal: stop.signal }))
      if (filename === 'nginx.pid') return 'listens' as const;
    return 'ended' as const;
  })();
  const running = await host.start('nginx', ['-c', configuration, '-p', folder]);
  const first = await Promise.race([seen, running.ended]);
  if (first !== 'listens') {
    stop.abort();
    await seen.catch(() => undefined);
    throw new Error(await readFile(join(folder, 'logs/error.log'), 'utf8'));
  }
  return running;
}

/** The lines of access.log so far. */
export async function logged({ folder }: Tree): Promise<Readonly<Record<string, unknown>>[]> {
  const text = await readFile(join(folder, 'logs/access.log'), 'utf8');
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

export async function removeTree({ folder }: Tree): Promise<void> {
  await rm(folder, { recursive: true });
}
