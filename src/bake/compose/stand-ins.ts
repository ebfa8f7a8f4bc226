import { join } from 'node:path';
import type { Host } from '../../host/host.ts';

/**
 * The packages of a tree that say of themselves that they stand in for others, as "name version".
 * The field Ingot-Stand-In of their control file is kept in dpkg's status file (deb-control(5), user-defined fields).
 */
export async function standInsOf(host: Host, tree: string): Promise<readonly string[]> {
  const shown = await host.run('dpkg-query', [
    `--admindir=${join(tree, 'var/lib/dpkg')}`,
    '--show',
    '--showformat=${Ingot-Stand-In}\t${Package} ${Version}\n',
  ]);
  return shown.stdout
    .split('\n')
    .filter((line) => line.startsWith('yes\t'))
    .map((line) => line.slice('yes\t'.length))
    .sort();
}
