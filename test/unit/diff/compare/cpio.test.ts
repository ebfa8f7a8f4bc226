import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCpio } from '../../../../src/diff/compare/cpio.ts';
import { IngotError } from '../../../../src/host/ingot-error.ts';
import { cpioArchive } from '../../../samples/cpio.ts';

describe('a cpio archive', () => {
  it('has every path with its content, whatever their lengths', () => {
    const name = fc.stringMatching(/^[a-z]{1,9}(\/[a-z]{1,9})?$/);
    const content = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array));
    fc.assert(
      fc.property(fc.array(fc.tuple(name, content)), (files) => {
        const archive = cpioArchive(files.map(([path, body]) => ({ path, mode: 0o100644, content: body })));
        const read = readCpio(archive, 'initrd.img');
        expect(read.map((entry) => [entry.path, Buffer.from(entry.content)])).toEqual(
          files.map(([path, body]) => [`/${path}`, body]),
        );
      }),
    );
  });

  it('has type, mode and time of a path, and the target of a link', () => {
    const archive = cpioArchive([
      { path: '.', mode: 0o040755, mtime: 60 },
      { path: 'bin', mode: 0o120777, content: 'usr/bin' },
    ]);
    const [root, link] = readCpio(archive, 'initrd.img');
    expect(root?.path).toBe('/');
    expect(root?.facts.get('type')).toBe('directory');
    expect(root?.facts.get('mode')).toBe('0755');
    expect(root?.facts.get('mtime')).toBe('1970-01-01T00:01:00Z (60)');
    expect(link?.facts.get('target')).toBe('usr/bin');
  });

  it.each([
    ['is empty', Buffer.alloc(0)],
    ['is something else', Buffer.from('gzip or what')],
    ['is cut off', cpioArchive([{ path: 'x', mode: 0o100644, content: 'y' }]).subarray(0, 120)],
  ])('is refused and named when it %s', (_, archive) => {
    expect(() => readCpio(archive, 'initrd.img')).toThrow(IngotError);
    expect(() => readCpio(archive, 'initrd.img')).toThrow(/^initrd\.img is not a cpio archive/);
  });
});
