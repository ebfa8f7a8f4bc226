import { inArea } from '../known-failure.ts';

const dpkg = ['error', 'compose'] as const;

/** Failures of packages, and of the trees that are made of them. */
export const packageFailures = inArea('packages', [
  ...(['unsolvable-packages', 'wrong-source', 'wrong-spec', 'wrong-pool'] as const),
  ...(['wrong-root', 'too-large', 'command-failed'] as const),
])([
  {
    code: 'package-conflict',
    title: 'Packages have dependencies that cannot be met',
    in: dpkg,
    sign: /have unmet dependencies|but it is not installable|you have held broken packages|have dependencies that conflict with|apt finds conflicting dependencies|, which no source of the spec has/,
    cause:
      'A package depends on one that no source has, or on a version that no source has, or two packages exclude each other. Packages that were built for an older Debian depend on libraries that are no longer there.',
    remedy: [
      'Read the lines above: they name the package and what it depends on.',
      'Add the source that has the missing package to cluster.yaml, or a build of the package for Debian 12.',
    ],
  },
  {
    code: 'package-unknown',
    title: 'No source has a package of that name',
    in: dpkg,
    sign: /Unable to locate package |the sources do not have what is asked for/,
    cause:
      'The name is misspelt, or the source or its component that has the package is not in cluster.yaml.',
    remedy: [
      'Look for it: `apt-cache search NAME`, or packages.debian.org.',
      'Add the source to cluster.yaml.',
    ],
  },
  {
    code: 'package-question',
    title: 'A package asks a question that a bake cannot answer',
    in: dpkg,
    sign: /has debconf questions, which a bake cannot ask/,
    cause: 'The script of a package needs an answer from debconf, and there is nobody to ask.',
    remedy: ['Give the answer in cluster.yaml under `debconf`, in the form that the error shows.'],
  },
  {
    code: 'package-collision',
    title: 'Two packages have the same file',
    in: dpkg,
    sign: /trying to overwrite '[^']*', which is also in package/,
    cause:
      'Packages that do not declare that they replace each other contain a file of the same path. It happens with packages from different vendors, and with a package that was split or renamed.',
    remedy: [
      'Leave one of them out of cluster.yaml.',
      'Ask the vendor for a package with Replaces and Breaks in its control file.',
    ],
  },
  {
    code: 'package-architecture',
    title: 'A package is for another architecture',
    in: dpkg,
    sign: /package architecture \(\S+\) does not match system|is for the architecture /,
    cause: 'A .deb that cluster.yaml names was built for another processor.',
    remedy: ['Get the build for amd64: `dpkg-deb --field FILE Architecture` shows what a file is for.'],
  },
  {
    code: 'package-not-a-deb',
    title: 'A file is not a Debian package',
    in: dpkg,
    sign: /is not a Debian format archive|not a Debian package/,
    cause:
      'The URL or the path leads to something else: the page of a login, an error page, an archive of sources.',
    remedy: ['Look at the file: `file NAME.deb`.', 'Correct the path or the URL of `deb` in cluster.yaml.'],
  },
  {
    code: 'package-truncated',
    title: 'A package is truncated',
    in: dpkg,
    sign: /unexpected end of file or stream|unexpected end of file in archive|its bytes are not those of the lock/,
    cause: 'The download or the copy ended too early, or the file was changed after it was locked.',
    remedy: [
      'Fetch it again: remove the file, then `ingot lock cluster.yaml`.',
      'If the .deb was replaced on purpose: `ingot lock cluster.yaml --update`.',
    ],
  },
  {
    code: 'package-script',
    title: 'The script of a package failed',
    in: dpkg,
    sign: /package (?:pre|post)-(?:installation|removal) script subprocess returned error|its (?:pre|post)-(?:installation|removal) script \(\w+\) ended with/,
    cause:
      'Scripts of packages run in a tree without services, without a network and without a terminal. One that starts its service, fetches something or asks a question fails there.',
    remedy: [
      'Read the last lines of the script above. If it lacks an answer, see package-question.',
      'If it needs a network or a running service, ask the vendor for a package that can be installed into a chroot, or set it up in a step of images/.',
    ],
  },
  {
    code: 'user-number-taken',
    title: 'A package takes a user number that ingot needs',
    in: dpkg,
    sign: /are reserved in every image, for: |numbers that ingot needs own files/,
    cause:
      'Users that own files on the data partitions of nodes have fixed numbers, and a package creates a user with one of them.',
    remedy: [
      'Let the package take another number, for example with a sysusers.d file of your own in images/.',
    ],
  },
  {
    code: 'secret-in-image',
    title: 'The finished image would contain a secret',
    in: ['error'],
    sign: /: (?:a private key|an AWS key|an access token|a password(?: hash| in a URL)?|a login key|a Docker registry login)(?:$|, which|;)/,
    only: ['wrong-root'],
    cause:
      'A package, a file of cluster.yaml or a step put a key or a password into the tree. Everybody who has the image would have it.',
    remedy: [
      'Give nodes their secrets through the seed (`seed.secrets`), which names where each node finds its own.',
      'If it only looks like a secret (an example, a test key), list the path in images/residue.yaml with the reason.',
    ],
  },
  {
    code: 'root-too-large',
    title: 'The image is too large for its partition',
    in: ['error'],
    sign: /the boot partition \(FAT\) cannot hold|more than the BIOS boot partition holds/,
    cause: 'The compressed root has 4 GiB or more: too many or too large packages and files.',
    remedy: [
      'See what is large: the weight in the result of a bake, or `ingot diff` with an older version.',
      'Remove packages, or use `--release` for more compression.',
    ],
  },
  {
    code: 'source-folder-missing',
    title: 'Packages of the pool cannot be read',
    in: dpkg,
    sign: /Failed to fetch (?:copy|file):\S+ +Failed to stat/,
    cause: 'Files of the pool were removed while the bake ran, for example by a cleaner of ~/.cache.',
    remedy: ['Run `ingot lock cluster.yaml` and bake again.', 'Keep the pool elsewhere: `--pool FOLDER`.'],
  },
]);
