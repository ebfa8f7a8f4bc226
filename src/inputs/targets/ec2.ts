import { rawDisk } from './raw.ts';
import type { Target } from './target.ts';

/** Returns the size in whole GiB of a volume for a disk of this many bytes. */
function volumeGiB(diskBytes: number): number {
  return Math.ceil(diskBytes / 1024 ** 3);
}

/**
 * An AMI of Amazon EC2: the raw disk, the input of the AWS command line, and instructions. Its folder keeps the name
 * under which it was first published.
 */
export const ec2 = {
  name: 'ec2',
  formerNames: ['cloud'],
  description: 'an AMI of Amazon EC2: the disk, and the commands that import it',
  texts: {
    folder: 'cloud',
    templates: 'ec2',
    names: ['README.md', 'import-snapshot.json', 'register-image.json'],
    withRootHash: [],
    values: ({ title, role, rootHash, diskBytes }) => ({
      name: title,
      description: `${role} node of a Mesos cluster, root hash ${rootHash}`,
      volumeGiB: volumeGiB(diskBytes),
    }),
  },
  disks: [{ ...rawDisk, path: 'cloud/disk.raw.zst', sameAs: rawDisk.path }],
  links: {},
  // EC2 User Guide, "Run commands when you launch an EC2 instance with user data input".
  userDataLimit: { platform: 'EC2', bytes: 16 * 1024 },
} as const satisfies Target;
