import type { Host } from '../host/host.ts';
import type { DiskIdentifiers } from '../inputs/plan/disk-identifiers.ts';
import type { DiskLayout, Extent } from './disk-layout.ts';

/** Writes the GPT of a disk file and checks it (sgdisk(8)). The data partition's name is what a node looks for to grow it. */
export async function writePartitionTable(
  host: Host,
  disk: string,
  layout: DiskLayout,
  ids: DiskIdentifiers,
): Promise<void> {
  const partition = (
    number: number,
    { first, sectors }: Extent,
    type: string,
    guid: string,
    name: string,
  ) => [
    `--new=${number}:${first}:${first + sectors - 1}`,
    `--typecode=${number}:${type}`,
    `--partition-guid=${number}:${guid}`,
    `--change-name=${number}:${name}`,
  ];
  await host.run('sgdisk', [
    '--clear',
    `--disk-guid=${ids.disk}`,
    ...partition(1, layout.biosBoot, 'ef02', ids.biosBootPartition, 'ingot-bios'),
    ...partition(2, layout.boot, 'ef00', ids.bootPartition, 'ingot-boot'),
    ...partition(3, layout.data, '8300', ids.dataPartition, 'ingot-data'),
    disk,
  ]);
  await host.run('sgdisk', ['--verify', disk]);
}
