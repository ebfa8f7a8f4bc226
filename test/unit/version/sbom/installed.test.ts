import { expect, test } from 'vitest';
import { installedPackages, neededPackages } from '../../../../src/version/sbom/installed.ts';

const stanza = (fields: Readonly<Record<string, string>>): string =>
  Object.entries({ Status: 'install ok installed', Architecture: 'amd64', Version: '1-1', ...fields })
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('');

const status = [
  stanza({
    Package: 'libc6',
    Source: 'glibc (2.36-9)',
    Maintainer: 'GNU Libc Maintainers <libc@example.org>',
  }),
  stanza({ Package: 'mawk', Provides: 'awk, nawk (= 2)', 'Pre-Depends': 'libc6 (>= 2.34)' }),
  stanza({ Package: 'base-files', 'Pre-Depends': 'awk', Depends: 'gone | libc6:any, base-files' }),
  stanza({ Package: 'removed', Status: 'deinstall ok config-files' }),
].join('\n');

test('a package that dpkg has removed, with its settings left behind, is not in the root', () => {
  expect(installedPackages(status).map(({ name }) => name)).toEqual(['libc6', 'mawk', 'base-files']);
});

test('a package without another source is its own source', () => {
  const [libc, mawk] = installedPackages(status);
  expect(libc).toMatchObject({
    source: { name: 'glibc', version: '2.36-9' },
    maintainer: 'GNU Libc Maintainers',
  });
  expect(mawk?.source).toEqual({ name: 'mawk', version: '1-1' });
});

test('a package depends on the installed packages of its relations: by name, as an alternative, or as what another provides', () => {
  const packages = installedPackages(status).map((installed) => ({ installed }));
  const needed = neededPackages(packages).map(([one, others]) => [
    one.installed.name,
    others.map(({ installed }) => installed.name),
  ]);
  expect(Object.fromEntries(needed)).toEqual({ libc6: [], mawk: ['libc6'], 'base-files': ['mawk', 'libc6'] });
});
