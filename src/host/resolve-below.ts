import { readlinkSync } from 'node:fs';
import { lstatPlace } from './below-folder.ts';

/** As many links as the kernel follows (path_resolution(7)). */
const mostLinks = 40;

/**
 * Where a path of an image leads, links followed as they are on the node: an absolute link begins at `root`, and ".." ends there. The result is
 * a path of the image, of real folders but perhaps its last name; what is missing stays as it is written. Undefined for a circle of links.
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
    if (lstatPlace(place, path)?.isSymbolicLink() !== true) continue;
    links += 1;
    if (links > mostLinks) return undefined;
    const target = readlinkSync(place);
    if (target.startsWith('/')) done.length = 0;
    else done.pop();
    waiting.push(...target.split('/').reverse());
  }
}
