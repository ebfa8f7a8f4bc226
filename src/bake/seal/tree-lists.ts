import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { lstatBelow, readBelow } from '../../host/below-folder.ts';
import { listedByTmpfiles } from './access-lists.ts';

/** A settings file of the base system has a few KiB. */
const largest = 16 << 20;

/**
 * Returns the joined text of the NAME.conf files that a program reads from these folders. Of two files with the same
 * name, the one in the earlier folder counts (tmpfiles.d(5), sysusers.d(5)). A link is skipped: it masks a file
 * (/dev/null).
 */
export async function settingsOf(tree: string, folders: readonly string[]): Promise<string> {
  const files = new Map<string, string>();
  for (const folder of folders) {
    if (lstatBelow(tree, folder)?.isDirectory() !== true) continue;
    for (const name of readdirSync(join(tree, folder)).sort())
      if (name.endsWith('.conf') && !files.has(name)) files.set(name, `${folder}/${name}`);
  }
  const texts: string[] = [];
  for (const path of files.values())
    if (lstatBelow(tree, path)?.isFile() === true)
      texts.push((await readBelow(tree, path, largest))?.toString('utf8') ?? '');
  return texts.join('\n');
}

/** The paths whose access-control lists the node sets again at boot. */
export async function listsSetAtBoot(tree: string): Promise<Set<string>> {
  return listedByTmpfiles(await settingsOf(tree, ['/etc/tmpfiles.d', '/usr/lib/tmpfiles.d']));
}
