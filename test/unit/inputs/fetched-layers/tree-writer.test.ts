import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { treeDigest } from '../../../../src/inputs/fetched-layers/tree-digest.ts';
import { TreeFault } from '../../../../src/inputs/fetched-layers/tree-fault.ts';
import { type ArchivedEntry, TreeWriter } from '../../../../src/inputs/fetched-layers/tree-writer.ts';
import { temporaryFolder } from '../../../samples/temporary.ts';

async function* content(text: string): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  yield Buffer.from(text);
}

const file = (path: string): ArchivedEntry => ({ path, kind: 'file', mode: 0o644, target: '' });

const part = fc.constantFrom('..', '.', '', 'a', 'b', 'rootfs', 'etc', '-x', ' ', '\\');
const path = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('/'));
const entry: fc.Arbitrary<ArchivedEntry> = fc.record({
  path,
  kind: fc.constantFrom('file', 'folder', 'link'),
  mode: fc.constantFrom(0o644, 0o755),
  target: path,
});

describe('the files of an archive', () => {
  test('never leave their folder, whatever paths and links are in it, in whichever order', async () => {
    const all = await temporaryFolder();
    let number = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 6 }), async (entries) => {
        const outside = join(all, String(number++));
        await mkdir(join(outside, 'tree'), { recursive: true });
        const writer = new TreeWriter(join(outside, 'tree'), '');
        for (const one of entries)
          await writer.add(one, content('x')).catch((error: unknown) => {
            if (!(error instanceof TreeFault)) throw error;
          });
        expect(await readdir(outside)).toEqual(['tree']);
        expect(await readdir(all)).toHaveLength(number);
      }),
      { numRuns: 50 },
    );
  });

  test('are bounded in number and size', async () => {
    const writer = new TreeWriter(await temporaryFolder(), '', { entries: 2, bytes: 5 });
    await writer.add(file('rootfs/a'), content('1234'));
    await expect(writer.add(file('rootfs/b'), content('56'))).rejects.toThrow('larger than');
    await expect(writer.add(file('rootfs/c'), content(''))).rejects.toThrow('more than 2 entries');
  });

  test('at its top that belong to no layer are not taken, and change no digest', async () => {
    const [one, two] = [await temporaryFolder(), await temporaryFolder()];
    const plain = new TreeWriter(one, '');
    await plain.add(file('rootfs/etc/a'), content('a'));
    const more = new TreeWriter(two, 'x');
    for (const name of ['x/README.md', 'x/.github/a', 'x/rootfs/__pycache__/a', 'other/b', 'x/rootfs/etc/a'])
      await more.add(file(name), content('a'));
    await more.add({ path: 'x/AGENTS.md', kind: 'link', mode: 0o777, target: '/etc/shadow' }, content(''));
    expect(await treeDigest(two)).toEqual(await treeDigest(one));
    expect([...more.top]).toEqual(['x', 'other']);
  });
});
