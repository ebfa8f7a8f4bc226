import type { Host } from '../host/host.ts';
import type { DiskIdentifiers } from '../inputs/plan/disk-identifiers.ts';
import type { DiskLayout, Extent } from './disk-layout.ts';

/**
 * Writes the GPT of a disk file and verifies it (sgdisk(8)). A node finds the data partition that it has to grow by its
 * name.
 */
export async function writePartitionTable(
  host: Host,
  disk: string,
  layout: DiskLayout,
  ids: DiskIdentifiers,
): Promise<void> {
  const partition = (
    number: number,
    { first, sectors }: Extent,
    { type, guid, name }: { readonly type: string; readonly guid: string; readonly name: string },
  ) => [
    `--new=${number}:${first}:${first + sectors - 1}`,
    `--typecode=${number}:${type}`,
    `--partition-guid=${number}:${guid}`,
    `--change-name=${number}:${name}`,
  ];
  await host.run('sgdisk', [
    '--clear',
    `--disk-guid=${ids.disk}`,
    ...partition(1, layout.biosBoot, { type: 'ef02', guid: ids.biosBootPartition, name: 'ingot-bios' }),
    ...partition(2, layout.boot, { type: 'ef00', guid: ids.bootPartition, name: 'ingot-boot' }),
    ...partition(3, layout.data, { type: '8300', guid: ids.dataPartition, name: 'ingot-data' }),
    disk,
  ]);
  await host.run('sgdisk', ['--verify', disk]);
}
