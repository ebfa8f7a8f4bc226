import { createHash, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { makeHost } from '../../../src/host/make-host.ts';
import { hasRootHash, makeHashTree } from '../../../src/version/verity.ts';
import { noRootHash, veritySalt } from '../../../src/version/verity-salt.ts';
import { temporaryFolder } from '../../samples/temporary.ts';

const host = makeHost();
const modules = fileURLToPath(new URL('../../../node-tools', import.meta.url));
const sha256 = (data: Buffer | string): string => createHash('sha256').update(data).digest('hex');
const bound = {
  kernelSha256: sha256('a kernel'),
  initrdSha256: sha256('an initrd'),
  slotConfig: `ingot.roothash=${noRootHash}\n`,
};

/** What ingot-drift reads from a hash tree. */
async function readBack(tree: string): Promise<unknown> {
  const text = `import json, sys; sys.path.insert(0, ${JSON.stringify(modules)})
from ingot_node.drift.boot.hash_tree import hash_tree, unhashed
found = hash_tree(sys.argv[1])
print(json.dumps([found.root_hash, found.data_bytes, found.bound, unhashed(b"ingot.roothash=%s\\n" % found.root_hash.encode(), found.root_hash)]))`;
  const { stdout } = await host.run('/usr/bin/python3', ['-B', '-c', text, tree]);
  return JSON.parse(stdout);
}

// 1: a tree of one level; 200 and 20000 blocks: of two and three.
it.each([2, 200, 20_000])(
  'the root hash of %s blocks covers kernel, initrd and slot.cfg, and the node reads their digests back',
  async (blocks) => {
    const folder = await temporaryFolder();
    const [data, tree] = [join(folder, 'data'), join(folder, 'tree')];
    const content = randomBytes(blocks * 4096);
    await writeFile(data, content);
    const salt = veritySalt(bound);
    const rootHash = await makeHashTree(host, { data, dataSha256: sha256(content), hashTree: tree, salt });
    expect(await hasRootHash(host, { data, hashTree: tree, rootHash })).toBe(true);
    const digests = [bound.kernelSha256, bound.initrdSha256, sha256(bound.slotConfig)];
    expect(await readBack(tree)).toEqual([rootHash, content.length, digests, sha256(bound.slotConfig)]);
    const other = veritySalt({ ...bound, initrdSha256: sha256('another initrd') });
    expect(
      await makeHashTree(host, { data, dataSha256: sha256(content), hashTree: tree, salt: other }),
    ).not.toBe(rootHash);
  },
);

it('a tree of an older ingot has no digests of kernel and initrd', async () => {
  const folder = await temporaryFolder();
  const [data, tree] = [join(folder, 'data'), join(folder, 'tree')];
  await writeFile(data, Buffer.alloc(8192));
  const rootHash = await makeHashTree(host, { data, dataSha256: sha256(Buffer.alloc(8192)), hashTree: tree });
  expect(await readBack(tree)).toEqual([rootHash, 8192, null, expect.any(String)]);
});
