import { createHash } from 'node:crypto';
import { chmod, rm } from 'node:fs/promises';
import type { Host } from '../host/host.ts';
import { IngotError } from '../host/ingot-error.ts';

/**
 * Writes the dm-verity hash tree of `data` (whose SHA-256 is `dataSha256`) to the file `hashTree`: SHA-256, blocks of 4096 bytes, the UUID derived
 * from the data, so that the same data and salt give the same tree. Gives the root hash, 64 hexadecimal digits (veritysetup(8)).
 * @param salt hexadecimal, at most 256 bytes; by default derived from the data
 */
export async function makeHashTree(
  host: Host,
  data: string,
  dataSha256: string,
  hashTree: string,
  salt: string = createHash('sha256').update(`ingot verity salt ${dataSha256}`).digest('hex'),
): Promise<string> {
  // An old, longer file would keep its end.
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
      message: 'veritysetup format named no root hash',
      excerpt: [stdout],
    });
  }
  await chmod(hashTree, 0o644);
  return rootHash;
}

/**
 * Reads all of `data` and of its hash tree, and says whether they are those of the root hash (veritysetup(8), verify).
 * @param rootHash 64 hexadecimal digits
 */
export async function hasRootHash(
  host: Host,
  data: string,
  hashTree: string,
  rootHash: string,
  signal?: AbortSignal,
): Promise<boolean> {
  const { exitCode } = await host.run('veritysetup', ['verify', data, hashTree, rootHash], {
    // 1: no hash tree, or that of another root hash; 2: a block is not as the tree says.
    accept: [0, 1, 2],
    ...(signal === undefined ? {} : { signal }),
  });
  return exitCode === 0;
}
