import { readlinkSync } from 'node:fs';
import { lstatOrUndefined } from './below-folder.ts';

/** The number of links that the kernel follows (path_resolution(7)). */
const maxLinks = 40;

/**
 * Resolves a path of an image and follows links as the node does: an absolute link begins at `root`, and ".." cannot
 * lead above it. The result is a path of the image whose folders are real; its last name may be missing. Missing parts
 * stay as they are. Undefined for a loop of links.
 * @param root absolute folder on this host
 * @param path absolute in the image
 */
export function resolveBelow(root: string, path: string): string | undefined {
  const waiting = path.split('/').reverse();
  const done: string[] = [];
  for (let links = 0; ;) {
    const part = waiting.pop();
    if (part === undefined) return `/${done.join('/')}`;
    if (part === '' || part === '.') continue;
    if (part === '..') {
      done.pop();
      continue;
    }
    done.push(part);
    const place = `${root}/${done.join('/')}`;
    if (lstatOrUndefined(place, path)?.isSymbolicLink() !== true) continue;
    links += 1;
    if (links > maxLinks) return undefined;
    const target = readlinkSync(place);
    if (target.startsWith('/')) done.length = 0;
    else done.pop();
    waiting.push(...target.split('/').reverse());
  }
}
