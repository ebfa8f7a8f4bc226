import { join } from 'node:path';
import type { Host } from '../../host/host.ts';

/**
 * Lists the packages of a tree that are marked as stand-ins, as "name version". dpkg's status file keeps the field
 * Ingot-Stand-In of their control file (deb-control(5), user-defined fields).
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
