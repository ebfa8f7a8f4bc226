import type { FileHandle } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { type Header, pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { readTar } from '../../../../src/bake/seal/tar-reader.ts';
import { treePath } from '../../../../src/bake/seal/tree-path.ts';
import { IngotError } from '../../../../src/host/ingot-error.ts';

const block = 512;

/** A disk in memory that records how much is read at once. */
function diskOf(bytes: Buffer): { file: FileHandle; largestRead: () => number } {
  let largest = 0;
  const file = {
    stat: () => Promise.resolve({ size: bytes.length }),
    read: (into: Buffer, offset: number, length: number, position: number) => {
      largest = Math.max(largest, length);
      const part = bytes.subarray(position, position + length);
      part.copy(into, offset);
      return Promise.resolve({ bytesRead: part.length, buffer: into });
    },
  };
  return { file: file as unknown as FileHandle, largestRead: () => largest };
}

/** Reads an archive to its end as the seal does; returns the paths, or the error, which must be an IngotError. */
async function pathsOf(bytes: Buffer): Promise<string[] | IngotError> {
  const { file, largestRead } = diskOf(bytes);
  const paths: string[] = [];
  try {
    for await (const entry of readTar(file)) {
      expect(entry.offset + entry.size).toBeLessThanOrEqual(bytes.length);
      expect(entry.uid).toBeLessThan(2 ** 32 - 1);
      paths.push(treePath(entry.name));
    }
    return paths;
  } catch (error) {
    if (error instanceof IngotError) return error;
    throw error;
  } finally {
    expect(largestRead()).toBeLessThanOrEqual(1024 ** 2);
  }
}

async function archiveOf(
  entries: readonly (Partial<Header> & Pick<Header, 'name'> & { content?: string })[],
): Promise<Buffer> {
  const archive = pack();
  for (const { content, ...header } of entries) archive.entry(header, content ?? '');
  archive.finalize();
  return buffer(archive);
}

/** Writes a correct checksum over a header, so that the faults in it are checked. */
function withSum(bytes: Buffer, at: number): void {
  bytes.write('        ', at + 148, 'latin1');
  let sum = 0;
  for (let index = at; index < at + block; index += 1) sum += bytes[index] ?? 0;
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, at + 148, 'latin1');
}

const sample = archiveOf([
  { name: './etc/', type: 'directory', mode: 0o755 },
  { name: './etc/hosts', content: 'x'.repeat(700), pax: { 'SCHILY.xattr.user.a': 'b', mtime: '12.5' } },
  { name: `./${'long/'.repeat(60)}name`, content: 'y' },
  { name: './gone', type: 'character-device' },
  { name: './link', type: 'symlink', linkname: '../x' },
  { name: './same', type: 'link', linkname: './etc/hosts' },
]);

describe('an archive of the build guest', () => {
  it('is read as it was written', async () => {
    expect(await pathsOf(await sample)).toHaveLength(6);
  });

  it('leads only into the tree, or is refused, whichever of its bytes change', async () => {
    const bytes = await sample;
    const headers = Array.from({ length: bytes.length / block }, (_, index) => index * block);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        fc.boolean(),
        fc.nat(bytes.length),
        async (changes, mended, cut) => {
          const copy = Buffer.from(bytes.subarray(0, cut % 3 === 0 ? cut : bytes.length));
          for (const [at, value] of changes) if (at < copy.length) copy[at] = value;
          if (mended)
            for (const at of headers)
              if (at + block <= copy.length && (copy[at] ?? 0) !== 0) withSum(copy, at);
          const paths = await pathsOf(copy);
          if (paths instanceof IngotError) expect(paths.message).not.toBe('');
          else for (const path of paths) expect(path.split('/')).not.toContain('..');
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('is refused if a numeric field contains an invalid number', async () => {
    const wild = fc.oneof(
      fc.constant(Buffer.alloc(12, 0xff)),
      fc.constant(Buffer.from('777777777777')),
      fc.uint8Array({ minLength: 12, maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
    );
    const fields = fc.constantFrom([100, 8], [108, 8], [116, 8], [124, 12], [136, 12], [329, 8], [337, 8]);
    await fc.assert(
      fc.asyncProperty(fields, wild, async ([at = 0, length = 0], value) => {
        const copy = Buffer.from(await sample);
        value.copy(copy, at, 0, length);
        withSum(copy, 0);
        await pathsOf(copy);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['a size of terabytes', { size: String(2 ** 43) }, /an entry is longer than the file/],
    ['a size that is not a number', { size: '99999999999999999999' }, /an invalid number/],
    ['holes', { 'GNU.sparse.realsize': String(2 ** 50) }, /a sparse file/],
    ['an owner that chown takes for "unchanged"', { uid: String(2 ** 32 - 1) }, /the number 4294967295/],
    ['a time of another age', { mtime: String(2 ** 40) }, /the number 1099511627776/],
    ['a name with ..', { path: 'a/../../x' }, /leads out of the tree/],
    ['a name that is too long', { path: 'x'.repeat(300) }, /more than 255 bytes/],
    ['a path that is too long', { path: 'x/'.repeat(3000) }, /longer than 3072 bytes/],
    ['a header of megabytes', { comment: 'x'.repeat(2 ** 21) }, /longer than 1 MiB/],
  ])('is refused with %s', async (_, pax: Record<string, string>, message) => {
    const found = await pathsOf(await archiveOf([{ name: './etc/hosts', content: 'x', pax }]));
    expect(found).toBeInstanceOf(IngotError);
    expect((found as IngotError).message).toMatch(message);
  });
});
