import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { licenceList } from '../../../../src/version/sbom/licence-list.ts';
import { licencesIn } from '../../../../src/version/sbom/licences.ts';

const head =
  'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\nUpstream-Name: sample\n';
const files = (licence: string, glob = '*') =>
  `\nFiles: ${glob}\nCopyright: 2026 Somebody\nLicense: ${licence}\n the text\n .\n of it\n`;

describe('a machine-readable copyright file', () => {
  it('lists the licences of its files, each once, and not those whose text it merely contains', () => {
    const text = `${head}${files('GPL-2+ or AFL-2.1, and Expat')}${files('Expat', 'debian/*')}\nLicense: GPL-3\n text\n`;
    expect(licencesIn(text)).toEqual({ short: ['AFL-2.1', 'Expat', 'GPL-2+'], texts: [], complete: true });
  });

  it('keeps an exception with its licence', () => {
    const text = `${head}${files('GPL-3+ with Bison exception or BSD-3-clause')}`;
    expect(licencesIn(text).short).toEqual(['BSD-3-clause', 'GPL-3+ with Bison exception']);
  });

  it('has the licence of the whole in its header', () => {
    expect(licencesIn(`${head}License: ISC\n`)).toEqual({ short: ['ISC'], texts: [], complete: true });
  });

  it('does not mistake a text for a name, and reports that it has understood only a part', () => {
    const text = `${head}${files('MIT')}${files('Permission to use, copy and modify this software', 'a.c')}`;
    expect(licencesIn(text)).toEqual({ short: ['MIT'], texts: [], complete: false });
    expect(licencesIn(`${head}${files('')}`)).toEqual({ short: [], texts: [], complete: false });
  });

  it('returns any short names that it was written with, however they are joined', () => {
    const name = fc
      .stringMatching(/^[A-Za-z][A-Za-z0-9.+/-]{0,12}$/)
      .filter((text) => !/^(and|or|with)$/i.test(text));
    const joined = fc.array(fc.tuple(name, fc.constantFrom(' or ', ' and ', ', and ', ', or ', '_or_')), {
      minLength: 1,
    });
    fc.assert(
      fc.property(fc.array(joined, { minLength: 1 }), (some) => {
        const synopses = some.map((parts) =>
          parts.map(([one, join], index) => (index === 0 ? one : `${join}${one}`)).join(''),
        );
        const text = `${head}${synopses.map((one, index) => files(one, `${index}/*`)).join('')}`;
        const names = [...new Set(some.flat().map(([one]) => one))].sort();
        expect(licencesIn(text)).toEqual({ short: names, texts: [], complete: true });
      }),
    );
  });

  it('never fails, and never returns a name with a line break, whatever a file contains', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.string({ unit: 'binary' }), (readable, text) => {
        const { short, texts } = licencesIn(readable ? `${head}${files(text)}` : text);
        for (const one of [...short, ...texts]) expect(one).toMatch(/^[^\n]+$/);
      }),
    );
  });
});

describe('any other copyright file', () => {
  it('lists the texts of Debian that it refers to', () => {
    const text =
      'On Debian systems the licences are in /usr/share/common-licenses/GPL-2 and\n/usr/share/common-licenses/LGPL-2.1.\n';
    expect(licencesIn(text)).toEqual({ short: [], texts: ['GPL-2', 'LGPL-2.1'], complete: true });
  });
});

describe('the licences of a package', () => {
  const ofSome = (name: string) => licenceList('a', `${head}${files(name)}`)[0]?.license;

  it.each([
    ['GPL-2', 'GPL-2.0-only'],
    ['GPL-2+', 'GPL-2.0-or-later'],
    ['GPLv3+', 'GPL-3.0-or-later'],
    ['LGPL-2.1', 'LGPL-2.1-only'],
    ['GFDL-NIV-1.3+', 'GFDL-1.3-no-invariants-or-later'],
    ['Expat', 'MIT'],
    ['BSD-3-clause', 'BSD-3-Clause'],
    ['Apache-2', 'Apache-2.0'],
    ['zlib', 'Zlib'],
    ['CC0', 'CC0-1.0'],
  ])('%s is %s of SPDX', (name, id) => {
    expect(ofSome(name)).toEqual({ id });
  });

  it.each(['public-domain', 'LGPL', 'GPL-2 with Classpath exception', 'Apachae-2.0'])(
    '%s has no identifier of SPDX and keeps its name',
    (name) => {
      expect(ofSome(name)).toEqual({ name });
    },
  );

  it('refer to the file if only people can understand it, and report it if there is no file', () => {
    const seen = { license: { name: 'see /usr/share/doc/unzip/copyright' } };
    expect(licenceList('unzip', 'You may do this and that.')).toEqual([seen]);
    expect(licenceList('unzip', `${head}${files('MIT')}${files('')}`)).toEqual([
      { license: { id: 'MIT' } },
      seen,
    ]);
    expect(licenceList('mesos', undefined)).toEqual([{ license: { name: 'NOASSERTION' } }]);
  });

  it('that are not machine-readable are not reported as "only" or "or later"', () => {
    expect(licenceList('a', 'see /usr/share/common-licenses/GPL-2')).toEqual([
      { license: { name: 'GPL-2' } },
    ]);
  });
});
