import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatXattrs, parseXattrs } from '../../../../src/bake/seal/xattrs.ts';

describe('the text form of extended attributes', () => {
  it('is read back as it was written, with any name and any bytes', () => {
    const name = fc.stringMatching(/^[^\0]{1,20}$/u).filter((text) => text.isWellFormed());
    const value = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes));
    const attributes = fc.uniqueArray(
      fc.tuple(
        name.map((text) => `user.${text}`),
        value,
      ),
      {
        selector: ([key]) => key,
      },
    );
    const file = fc.tuple(
      name.map((text) => `/tree/${text}`),
      attributes.map((list) => new Map(list)),
    );
    fc.assert(
      fc.property(fc.uniqueArray(file, { selector: ([path]) => path }), (files) => {
        expect(parseXattrs(formatXattrs(new Map(files)))).toEqual(new Map(files));
      }),
    );
  });

  it('is the same as that of getfattr', () => {
    const dump = '# file: /t/new\\012line\\134b=é\nuser.a\\075b=0x78ff\nuser.empty=0x\n\n';
    const files = new Map([
      [
        '/t/new\nline\\b=é',
        new Map([
          ['user.a=b', Buffer.from([0x78, 0xff])],
          ['user.empty', Buffer.alloc(0)],
        ]),
      ],
    ]);
    expect(parseXattrs(dump)).toEqual(files);
    expect(formatXattrs(files)).toBe(dump);
  });
});
