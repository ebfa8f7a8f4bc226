import { createHash } from 'node:crypto';
import { chmod, rm } from 'node:fs/promises';
import type { Host } from '../host/host.ts';
import { IngotError } from '../host/ingot-error.ts';

interface HashTreeToMake {
  /** Absolute path of the file. */
  readonly data: string;
  /** 64 hexadecimal digits. */
  readonly dataSha256: string;
  /** Absolute path of the file to write. */
  readonly hashTree: string;
  /** Hexadecimal, at most 256 bytes; by default derived from the data. */
  readonly salt?: string | undefined;
}

const defaultSalt = (dataSha256: string): string =>
  createHash('sha256').update(`ingot verity salt ${dataSha256}`).digest('hex');

/**
 * Writes the dm-verity hash tree of a file: SHA-256, blocks of 4096 bytes, and a UUID derived from the data, so that
 * the same data and salt give the same tree (veritysetup(8)).
 * @returns the root hash, 64 hexadecimal digits
 */
export async function makeHashTree(
  host: Host,
  { data, dataSha256, hashTree, salt = defaultSalt(dataSha256) }: HashTreeToMake,
): Promise<string> {
  // An existing, longer file would keep its end.
  await rm(hashTree, { force: true });
  const uuid = dataSha256.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-5$3-8$4-$5');
  const args = ['format', '--hash=sha256', '--data-block-size=4096', '--hash-block-size=4096'];
  const { stdout } = await host.run('veritysetup', [
    ...args,
    `--salt=${salt}`,
    `--uuid=${uuid}`,
    data,
    hashTree,
  ]);
  const rootHash = /^Root hash:\s+([0-9a-f]{64})$/m.exec(stdout)?.[1];
  if (rootHash === undefined) {
    throw new IngotError({
      code: 'command-failed',
      message: 'veritysetup format printed no root hash',
      excerpt: [stdout],
    });
  }
  await chmod(hashTree, 0o644);
  return rootHash;
}

interface VerifiedTree {
  readonly data: string;
  readonly hashTree: string;
  /** 64 hexadecimal digits. */
  readonly rootHash: string;
}

/** Reads all of `data` and of its hash tree, and returns whether they match the root hash (veritysetup(8), verify). */
export async function hasRootHash(
  host: Host,
  { data, hashTree, rootHash }: VerifiedTree,
  signal?: AbortSignal,
): Promise<boolean> {
  const { exitCode } = await host.run('veritysetup', ['verify', data, hashTree, rootHash], {
    // 1: no hash tree, or one with another root hash; 2: a block does not match the tree.
    accept: [0, 1, 2],
    ...(signal === undefined ? {} : { signal }),
  });
  return exitCode === 0;
}
