import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { IngotError } from '../errors/ingot-error.ts';
import { lookBelow, readBelow } from '../host/below-folder.ts';
import type { Host } from '../host/host.ts';
import { accessListFault, listedByTmpfiles } from './access-lists.ts';
import { readXattrs } from './xattrs.ts';

/** A settings file of the base system has a few KiB. */
const largest = 16 << 20;

/**
 * The text of the files NAME.conf that a program reads from these folders, joined: of two with one name the folder that is named first wins
 * (tmpfiles.d(5), sysusers.d(5)). A link among them is passed over: it masks (/dev/null).
 */
export async function settingsOf(tree: string, folders: readonly string[]): Promise<string> {
  const files = new Map<string, string>();
  for (const folder of folders) {
    if (lookBelow(tree, folder)?.isDirectory() !== true) continue;
    for (const name of readdirSync(join(tree, folder)).sort())
      if (name.endsWith('.conf') && !files.has(name)) files.set(name, `${folder}/${name}`);
  }
  const texts: string[] = [];
  for (const path of files.values())
    if (lookBelow(tree, path)?.isFile() === true)
      texts.push((await readBelow(tree, path, largest))?.toString('utf8') ?? '');
  return texts.join('\n');
}

/** The paths whose access-control lists the node sets again at boot. */
export async function listsSetAtBoot(tree: string): Promise<Set<string>> {
  return listedByTmpfiles(await settingsOf(tree, ['/etc/tmpfiles.d', '/usr/lib/tmpfiles.d']));
}

/**
 * Refuses a composed tree with access-control lists, before it is packed into a squashfs, which leaves them out and keeps the modes.
 * @throws IngotError check-failed that names every path whose list matters
 */
export async function refuseAccessLists(host: Host, tree: string): Promise<void> {
  const xattrs = await readXattrs(host, tree, '^system\\.posix_acl_');
  const setAgain = await listsSetAtBoot(tree);
  const faults = [...xattrs].flatMap(
    ([place, attributes]) =>
      accessListFault(place.slice(tree.length) || '/', lstatSync(place).mode, attributes, setAgain) ?? [],
  );
  if (faults.length === 0) return;
  throw new IngotError({
    code: 'check-failed',
    message: 'packages of the image set access-control lists, which a root of squashfs cannot hold:',
    excerpt: faults.slice(0, 40),
    hint: 'leave the package out, or let a step of images/ give the path an owner, a group and a mode; what is needed at run time is set by a file of /etc/tmpfiles.d',
  });
}
