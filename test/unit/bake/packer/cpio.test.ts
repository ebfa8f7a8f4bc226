import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cpioArchive } from '../../../../src/bake/packer/cpio.ts';
import { type CpioEntry, readCpio } from '../../../../src/diff/compare/cpio.ts';

const name = fc.stringMatching(/^[a-z0-9._-]{1,40}$/);
const content = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));

const noTime = '1970-01-01T00:00:00Z (0)';
const factsOf = (entry: CpioEntry | undefined): (string | undefined)[] =>
  ['type', 'mode', 'uid', 'gid', 'mtime'].map((fact) => entry?.facts.get(fact));

test('an archive contains exactly these programs, executable, owned by root and without a time, whatever their size', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(name, content), { selector: ([path]) => path }), (files) => {
      const archive = cpioArchive([
        { path: 'bin' },
        ...files.map(([path, bytes]) => ({ path: `bin/${path}`, content: bytes })),
      ]);
      const [folder, ...read] = readCpio(archive, 'it');
      expect(factsOf(folder)).toEqual(['directory', '0755', '0', '0', noTime]);
      expect(read.map((entry) => [entry.path, entry.content])).toEqual(
        files.map(([path, bytes]) => [`/bin/${path}`, bytes]),
      );
      for (const entry of read) expect(factsOf(entry)).toEqual(['file', '0755', '0', '0', noTime]);
    }),
  );
});
