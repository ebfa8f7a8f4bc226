/** The meaning of the program's exit statuses. This table is the only one. */
export const exitCodes = { done: 0, failed: 1, wrongInput: 2, difference: 3, interrupted: 130 } as const;

interface ErrorCodeMeaning {
  readonly exit: (typeof exitCodes)[keyof typeof exitCodes];
  /** The family of causes, as docs/errors.md shows it. */
  readonly means: string;
}

const input = (means: string): ErrorCodeMeaning => ({ exit: exitCodes.wrongInput, means });
const failure = (means: string): ErrorCodeMeaning => ({ exit: exitCodes.failed, means });

/** One code for each family of causes; docs/errors.md has the same table. */
export const errorCodes = {
  'wrong-usage': input('an argument or option has a wrong value, or does not go with another one'),
  'wrong-spec': input('cluster.yaml, or a file that it names, is missing or wrong'),
  'wrong-images': input('a file of images/ is missing or wrong'),
  'wrong-layer': input('a layer of the spec is missing or wrong, or conflicts with images/ or another layer'),
  'wrong-template': input('a file of templates/ is missing, or does not fit what is rendered with it'),
  'wrong-lock': input('the lock is missing, damaged, of another format, or not the lock of this spec'),
  'wrong-archive': input('the archive is not one that a lock export wrote, or is damaged'),
  'wrong-pool': input('a package or layer in the pool is missing, or its bytes differ from the lock'),
  'wrong-source': input(
    'a package source has an index that cannot be used, or lacks what the spec wants of it',
  ),
  'untrusted-source': input('the signature, the key or the dates of a package source are not acceptable'),
  'unavailable-package': input('a package of the lock is no longer in its source, and not in the pool'),
  'unsolvable-packages': input('packages have dependencies that conflict or that no source has'),
  'wrong-key': input(
    'a key file cannot be read or written, or its key is of the wrong kind or not the right one',
  ),
  'signer-failed': failure(
    'the program of --signer failed, or did not answer with a signature by its own key',
  ),
  'wrong-seed': input('a file is not a seed that ingot wrote'),
  'wrong-inventory': input('the inventory of a fleet, or a file that it names, is missing or wrong'),
  'no-image': input('the store has no such image or version'),
  'not-a-version': input('a folder or file is not one of a version that ingot wrote'),
  'wrong-feed': input(
    'a file is not a feed of vulnerabilities, or says nothing about the release of a version',
  ),
  'no-bake': input('no bake runs in the store, or it has no such guest'),
  'unusable-folder': input(
    'a folder cannot be written, holds files of others, or has a path that cannot be used',
  ),
  'host-not-ready': input(
    'this machine lacks something: root, memory, a network interface, a port, a right clock or environment',
  ),
  'missing-program': input('a program is not installed on this machine'),
  'no-space': failure('a file system is full or has too little space'),
  'unreachable-source': failure(
    'the server of packages or of a layer does not answer, or refuses the request',
  ),
  'already-running': failure('another ingot does the same work on the same store'),
  'command-failed': failure('a program that ingot runs failed'),
  'step-failed': failure('a step of images/ failed in the build guest'),
  'wrong-export': failure('what the build guest exported is damaged, or may not be in an image'),
  'wrong-root': failure('the root is not as an image must be: residue, secrets, users, packages, paths'),
  'too-large': failure('the root or the boot loader does not fit into its partition'),
  'not-publishable': input('a version may not be published without a flag that allows it'),
  'wrong-credentials': input('a login is missing, cannot be read or is not accepted'),
  'registry-failed': failure(
    'a registry does not answer, refuses the request, or has other bytes than it should',
  ),
  'publish-failed': failure('a place for versions does not answer, refuses the request, or has other bytes'),
  'damaged-version': failure('the files of a version differ from what its records say'),
  'wrong-channel': failure(
    'the pointer of a channel, or the list of revoked versions, is damaged or not signed by a key',
  ),
  'rolled-back-channel': failure(
    'an older pointer of a channel, or an older list of revoked versions, was put in the place of a newer one',
  ),
  'expired-channel': failure('the pointer of a channel has expired: it may be frozen'),
  'revoked-version': failure('a version was revoked, with a reason: it must not be used any more'),
  'channel-busy': failure('another process changed a channel at the same time'),
  'not-promotable': failure('the policy of a channel does not allow a version'),
  'wave-stopped': failure('nodes of the earlier waves, or of this one, are not as they have to be'),
  'unknown-nodes': failure('nodes of an inventory do not answer, and their versions must be known'),
  'node-failed': failure('a booted node or cluster did not do what was checked'),
  interrupted: { exit: exitCodes.interrupted, means: 'Ctrl-C or a signal ended the work' },
} as const satisfies Readonly<Record<string, ErrorCodeMeaning>>;

export type ErrorCode = keyof typeof errorCodes;
