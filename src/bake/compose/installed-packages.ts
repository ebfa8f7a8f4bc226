import { join } from 'node:path';
import type { Host } from '../../host/host.ts';
import { IngotError } from '../../host/ingot-error.ts';
import { type Lock, type PackageGroup, packagesOf } from '../../inputs/lock/lock.ts';

/** dpkg's status of a package that is installed and configured (dpkg-query(1), db:Status-Abbrev). */
const installed = 'ii ';

/**
 * Checks that a tree has exactly the packages that the lock lists for these groups.
 * @param tree absolute path
 * @throws IngotError wrong-root that names every package that is missing, unexpected, of another version or not
 *   configured
 */
export async function requireLockedPackages(
  host: Host,
  tree: string,
  lock: Lock,
  groups: readonly PackageGroup[],
): Promise<void> {
  const shown = await host.run('dpkg-query', [
    `--admindir=${join(tree, 'var/lib/dpkg')}`,
    '--show',
    '--showformat=${db:Status-Abbrev}${Package} ${Version} ${Architecture}\n',
  ]);
  const found = shown.stdout.split('\n').filter((line) => line !== '');
  const wanted = new Set(
    packagesOf(lock, groups).map(
      ({ name, version, architecture }) => `${installed}${name} ${version} ${architecture}`,
    ),
  );
  const differences = [
    ...[...wanted]
      .filter((line) => !found.includes(line))
      .map((line) => `in the lock only: ${line.slice(3)}`),
    ...found
      .filter((line) => !wanted.has(line))
      .map(
        (line) =>
          `in the tree only: ${line.slice(3)}${line.startsWith(installed) ? '' : ` (${line.slice(0, 3).trim()})`}`,
      ),
  ];
  if (differences.length === 0) return;
  throw new IngotError({
    code: 'wrong-root',
    message: `the unpacked packages differ from the lock (${groups.join(', ')}):`,
    excerpt: differences,
    hint: 'ingot lock SPEC --update makes a new lock; if it happens again, this is a bug of ingot',
  });
}
