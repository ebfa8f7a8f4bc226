import { existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../host/host.ts';
import { IngotError } from '../host/ingot-error.ts';
import { bundlePlaces } from './bundle-record.ts';
import type { CarriedFile } from './carried-files.ts';

export interface ToolsRequest {
  /** Absolute folder of ingot itself. */
  readonly project: string;
  /** Absolute path of the Node.js that runs ingot; undefined to leave it out. */
  readonly node: string | undefined;
  /** Absolute folder for what is made. */
  readonly work: string;
  readonly signal: AbortSignal;
}

/** Makes the npm package of this ingot, which contains all its libraries; returns its path. */
async function makePackage(host: Host, { project, work, signal }: ToolsRequest): Promise<string> {
  const folder = join(work, 'package');
  await mkdir(folder);
  const build = join(project, 'setup/build-npm-package');
  // Only the source folder has the script; what was installed is the package already.
  if (existsSync(build)) await host.run(build, [folder], { signal });
  else
    await host.run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], {
      ...{ signal, cwd: project },
    });
  const name = (await readdir(folder)).find((one) => one.endsWith('.tgz'));
  if (name !== undefined) return join(folder, name);
  throw new IngotError({
    code: 'command-failed',
    message: 'npm pack made no package',
    hint: `npm pack in ${project} shows why`,
  });
}

/**
 * What a machine without a network needs to verify, to bake and to run clusters: the npm package of ingot, Node.js, and
 * the list of the Debian packages of a host.
 */
export async function carriedTools(host: Host, request: ToolsRequest): Promise<CarriedFile[]> {
  const { project, node } = request;
  const packed = await makePackage(host, request);
  const place = bundlePlaces.tools;
  return [
    { path: `${place}/ingot.tgz`, file: packed },
    ...(node === undefined ? [] : [{ path: `${place}/node`, file: node }]),
    { path: `${place}/host-packages`, file: join(project, 'setup/host-packages') },
  ];
}
