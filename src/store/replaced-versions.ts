import { existsSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isOwnFolder } from '../host/own-folder.ts';
import { isVersionName } from '../version/version-name.ts';

/** Temporary path of a version while another version takes its name. */
export function replacedFolder(roleFolder: string, version: string): string {
  return join(roleFolder, `.${version}.replaced-${process.pid}`);
}

/** Restores or removes the old version if the process that was replacing it was killed. */
export async function recoverReplaced(roleFolder: string): Promise<void> {
  for (const name of await readdir(roleFolder)) {
    const [, version = '', pid] = /^\.(.+)\.replaced-(\d+)$/.exec(name) ?? [];
    if (!isVersionName(version) || pid === undefined) continue;
    if (Number(pid) !== process.pid && existsSync(`/proc/${pid}`)) continue;
    if (!(await isOwnFolder(join(roleFolder, name)))) continue;
    const target = join(roleFolder, version);
    if (existsSync(target)) await rm(join(roleFolder, name), { recursive: true });
    else await rename(join(roleFolder, name), target);
  }
}
