import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePax } from '../../../../src/bake/seal/pax-records.ts';

/** A record counts its own length, digits included. */
function record(key: string, value: Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), value, Buffer.from('\n')]);
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length += 1;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

describe('an extended tar header', () => {
  it('keeps the bytes of attributes as they are, capabilities among them', () => {
    const attribute = fc.tuple(
      fc.stringMatching(/^[a-z=%.]{1,20}$/),
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    );
    fc.assert(
      fc.property(fc.uniqueArray(attribute, { selector: ([name]) => name }), (attributes) => {
        const encode = (name: string) => name.replaceAll('%', '%25').replaceAll('=', '%3D');
        const body = Buffer.concat(
          attributes.map(([name, value]) => record(`SCHILY.xattr.${encode(name)}`, value)),
        );
        expect([...parsePax(body).xattrs]).toEqual(attributes);
      }),
    );
  });

  it('has names, sizes, owners and whole seconds', () => {
    const text = {
      path: './é\n',
      linkpath: 'a b',
      size: '8589934592',
      uid: '3000000',
      gid: '7',
      mtime: '12.75',
      atime: '1',
    };
    const body = Buffer.concat(Object.entries(text).map(([key, value]) => record(key, Buffer.from(value))));
    expect(parsePax(body)).toMatchObject({
      path: './é\n',
      linkPath: 'a b',
      size: 8_589_934_592,
      uid: 3_000_000,
      gid: 7,
      mtime: 12,
    });
  });

  it.each([
    ['a length beyond its end', '99 path=a\n'],
    ['no length', 'path=a\n'],
    ['no end of line', '8 path=ab'],
    ['an invalid size', record('size', Buffer.from('-1')).toString()],
    ['a sparse file', record('GNU.sparse.major', Buffer.from('1')).toString()],
  ])('is refused with %s', (_, body) => {
    expect(() => parsePax(Buffer.from(body))).toThrow(/extended tar header/);
  });
});
