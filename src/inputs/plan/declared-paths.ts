import type { PathFact } from './path-fact.ts';
import { pathGlob } from './path-glob.ts';

const madeOnNode = 'nothing: each node makes it from the seed; its contents belong in the section seed';
const belowMount =
  'a line in a file of /etc/tmpfiles.d, which makes it at each start (tmpfiles.d(5)), or a path that is not a mount';

/** Matches the place of a mount and everything below it. */
const at = (place: string) => (path: string) => path === place || path.startsWith(`${place}/`);

function mountFact(place: string): PathFact {
  return {
    matches: at(place),
    why: () => `is hidden on a node: something else is mounted at ${place}`,
    instead: () => belowMount,
  };
}

/**
 * Returns what a file of drift.d (images/…/drift/declared.py) declares about paths that do not belong to the image:
 * what is derived on the node, and where other file systems are mounted. Mounts with globs belong to containers and
 * logins and are ignored.
 */
export function declaredPaths(text: string): PathFact[] {
  return text.split('\n').flatMap((line): PathFact[] => {
    const [declaration = '', why = ''] = line.split(' # ');
    const [word, path = ''] = declaration.trim().split(/\s+/);
    if (word === 'derived')
      return [
        {
          matches: pathGlob(path),
          why: () => `is written on each node: ${why.trim()}`,
          instead: () => madeOnNode,
        },
      ];
    return word === 'mount' && path !== '/' && !/[*?]/.test(path) ? [mountFact(path)] : [];
  });
}

/**
 * Returns where a unit *.mount of images/ mounts (systemd.mount(5), Where=); an empty list if the text names no place.
 */
export function mountedPaths(unit: string): PathFact[] {
  const where = /^Where=(\/\S+)$/m.exec(unit)?.[1];
  return where === undefined ? [] : [mountFact(where)];
}
