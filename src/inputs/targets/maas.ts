import type { Target } from './target.ts';

const path = 'maas/disk.dd.gz';

/**
 * A custom image of MAAS: the disk, compressed with gzip (file type ddgz), and the request that uploads it. Its boot
 * partition has the folder curtin, without which MAAS' installer refuses a disk ("Could not find root device":
 * curtin/commands/block_meta.py, write_image_to_disk). The program in it removes the folder, so that a node's disk has
 * nothing of it, and the installer changes nothing else (curtin/commands/curthooks.py).
 */
export const maas = {
  name: 'maas',
  description: 'an image of MAAS, and the request that uploads it',
  texts: {
    folder: 'maas',
    templates: 'maas',
    names: ['README.md', 'boot-resource.json', 'curtin-hooks'],
    withRootHash: [],
    values: ({ title, role, rootHash }) => ({
      name: `custom/${title}`,
      title,
      description: `${role} node of a Mesos cluster, root hash ${rootHash}`,
      file: path.slice(path.indexOf('/') + 1),
    }),
  },
  disks: [
    {
      path,
      pack: (raw, file) => ['cp', '--sparse=always', raw, file],
      // zstd(1) reads gzip as well, and unlike gzip(1) writes a sparse file.
      unpack: (file, raw) => [['zstd', '-q', '-d', '-f', '--sparse', file, '-o', raw]],
      container: { kind: 'maas', member: 'disk.raw' },
    },
  ],
  links: {},
} as const satisfies Target;
