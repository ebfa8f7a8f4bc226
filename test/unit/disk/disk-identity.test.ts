import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withContentId, withVhdIdentity } from '../../../src/disk/disk-identity.ts';

const id = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';

test('the content id of a VMDK is replaced and nothing else', () => {
  const start = Buffer.from(
    `KDMV\0\0# Disk DescriptorFile\nversion=1\nCID=a91a16a2\nparentCID=ffffffff\n${'\0'.repeat(8)}grain`,
    'latin1',
  );
  expect(withContentId(start, '6ba7b810')?.toString('latin1')).toBe(
    start.toString('latin1').replace('a91a16a2', '6ba7b810'),
  );
});

test.each(['8', '91a16a2'])(
  'a content id that qemu-img wrote without its leading zeros (%s) is replaced, and the text keeps its lines and place',
  (short) => {
    const text = (contentId: string) => `KDMV\0\0# Disk\nCID=${contentId}\nparentCID=ffffffff\n`;
    const zeros = '\0'.repeat(16);
    const changed = withContentId(Buffer.from(`${text(short)}${zeros}grain`, 'latin1'), '6ba7b810');
    expect(changed?.toString('latin1')).toBe(`${text('6ba7b810')}${zeros.slice(8 - short.length)}grain`);
  },
);

test('what is left of a longer descriptor behind a shorter one is removed, whatever the two ids were', () => {
  const text = (contentId: string) => `KDMV\0\0# Disk\nCID=${contentId}\nparentCID=ffffffff\nddb.x = "1"\n`;
  const anyId = fc.integer({ min: 0, max: 0xffffffff }).map((id) => id.toString(16));
  const expected = `${text('6ba7b810')}${'\0'.repeat(16)}grain`;
  fc.assert(
    fc.property(anyId, fc.nat(7), (long, fewer) => {
      const [first, second] = [long, long.slice(0, Math.max(1, long.length - fewer))];
      // The second text is written over the first one, with its zero.
      const both = `${text(second)}\0${text(first).slice(text(second).length + 1)}`;
      const start = Buffer.from(`${both.padEnd(text('12345678').length + 16, '\0')}grain`, 'latin1');
      expect(withContentId(start, '6ba7b810')?.toString('latin1')).toBe(expected);
    }),
  );
});

test('a descriptor without room for a longer content id is not changed', () => {
  expect(
    withContentId(Buffer.from('KDMV\nCID=8\nparentCID=ffffffff\n', 'latin1'), '6ba7b810'),
  ).toBeUndefined();
});

test.each(['KDMV without a descriptor', 'QFI\nCID=a91a16a2\n'])('%j is not taken for a VMDK', (text) => {
  expect(withContentId(Buffer.from(text), '6ba7b810')).toBeUndefined();
});

test('a VHD gets id, time and the checksum of its footer, which is all that changes', () => {
  const footer = Buffer.alloc(512);
  footer.write('conectix', 'latin1');
  footer.write('qem2', 28, 'latin1');
  const changed = withVhdIdentity(footer, id, Date.UTC(2025, 10, 22) / 1000) ?? Buffer.alloc(0);
  expect(changed.toString('hex', 68, 84)).toBe(id.replaceAll('-', ''));
  expect(changed.readUInt32BE(24)).toBe((Date.UTC(2025, 10, 22) - Date.UTC(2000)) / 1000);
  const rest = Buffer.from(changed).fill(0, 64, 68);
  expect(changed.readUInt32BE(64)).toBe(~rest.reduce((sum, byte) => sum + byte, 0) >>> 0);
  rest.fill(0, 24, 28).fill(0, 68, 84);
  expect(rest.equals(footer)).toBe(true);
});

test('a footer of another size or format is not changed', () => {
  expect(withVhdIdentity(Buffer.alloc(512), id, 0)).toBeUndefined();
  expect(withVhdIdentity(Buffer.from('conectix'), id, 0)).toBeUndefined();
});
