import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareDebianVersions } from '../../../../src/inputs/lock/compare-versions.ts';
import { acceptsVersion, readRelations, relationText } from '../../../../src/inputs/lock/relations.ts';
import { unmetOf } from '../../../../src/inputs/lock/unmet.ts';

test('a field of relations is read as in control files', () => {
  expect(
    readRelations('aa, bb (>= 1:2~x) | cc:any ( = 3 ), dd (<2)').map((group) => group.map(relationText)),
  ).toEqual([['aa'], ['bb (>= 1:2~x)', 'cc (= 3)'], ['dd (<= 2)']]);
  expect(readRelations(undefined)).toEqual([]);
});

const name = fc.stringMatching(/^[a-z0-9][a-z0-9+.-]{1,9}$/);
const version = fc.stringMatching(/^[0-9][0-9a-z.+~]{0,6}$/);
const operator = fc.constantFrom('<<' as const, '<=' as const, '=' as const, '>=' as const, '>>' as const);

test('relations that are written are read back the same', () => {
  const relation = fc.record(
    { name, version: fc.record({ operator, than: version }) },
    { requiredKeys: ['name'] },
  );
  fc.assert(
    fc.property(fc.array(fc.array(relation, { minLength: 1 }), { minLength: 1 }), (groups) => {
      const text = groups.map((group) => group.map(relationText).join(' | ')).join(', ');
      expect(readRelations(text)).toEqual(groups);
    }),
  );
});

test('any text gives relations, and never an error', () => {
  fc.assert(
    fc.property(fc.string(), (text) =>
      readRelations(text)
        .flat()
        .every(({ name: of }) => of.length > 1),
    ),
  );
});

test("a version is compared by Debian's order", () => {
  fc.assert(
    fc.property(version, version, (actual, than) => {
      const takes = (one: '<<' | '<=' | '=' | '>=' | '>>') =>
        acceptsVersion({ name: 'aa', version: { operator: one, than } }, actual);
      const order = compareDebianVersions(actual, than);
      expect([takes('<<'), takes('='), takes('>>')]).toEqual([order < 0, order === 0, order > 0]);
      expect([takes('<='), takes('>=')]).toEqual([order <= 0, order >= 0]);
    }),
  );
});

describe('dependencies that no package of the sources meets', () => {
  const unmet = (packages: string, wanted: string[]) =>
    unmetOf([{ source: 's', packages: Buffer.from(packages) }], wanted).map(({ alternatives, through }) => [
      alternatives.map(relationText).join(' | '),
      ...through,
    ]);

  test('circles and provided names are not errors; a provision without a version meets no version', () => {
    const packages = [
      'Package: aa\nVersion: 1\nDepends: bb, virtual, versioned (>= 2)',
      'Package: bb\nVersion: 1\nPre-Depends: aa',
      'Package: cc\nVersion: 1\nProvides: virtual, versioned (= 3)',
      'Package: dd\nVersion: 1\nDepends: virtual (>= 1)',
    ].join('\n\n');
    expect(unmet(packages, ['aa'])).toEqual([]);
    expect(unmet(packages, ['dd'])).toEqual([['virtual (>= 1)']]);
  });

  test('the named version is checked, otherwise the newest; patterns are ignored', () => {
    const packages = 'Package: aa\nVersion: 1\nDepends: old\n\nPackage: aa\nVersion: 2\nDepends: new';
    expect(unmet(packages, ['aa=1'])).toEqual([['old']]);
    expect(unmet(packages, ['aa', '?and(?essential)'])).toEqual([['new']]);
  });
});
