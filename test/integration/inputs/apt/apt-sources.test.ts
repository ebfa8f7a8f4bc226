import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Host } from '../../../../src/host/host.ts';
import { IngotError } from '../../../../src/host/ingot-error.ts';
import { makeHost } from '../../../../src/host/make-host.ts';
import { hostAptSources } from '../../../../src/inputs/apt/apt-sources.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingot-apt-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** The real apt-get, which reads one sources file of ours instead of the machine's. */
async function hostWith(name: string, text: string): Promise<Host> {
  const file = join(folder, name);
  await writeFile(file, text);
  const etc = name.endsWith('.list')
    ? [`Dir::Etc::sourcelist=${file}`, 'Dir::Etc::sourceparts=/nonexistent']
    : ['Dir::Etc::sourcelist=/nonexistent', `Dir::Etc::sourceparts=${folder}`];
  const host = makeHost();
  const options = etc.flatMap((setting) => ['--option', setting]);
  return {
    ...host,
    run: async (program, args, more) => await host.run(program, [...args, ...options], more),
  };
}

test("this machine's own sources of bookworm are found, each with a key that is a path", async () => {
  const sources = await hostAptSources(makeHost(), 'bookworm', 'amd64');
  expect(sources.flatMap(({ suites }) => suites)).toContain('bookworm');
  for (const { uris, components, signedBy } of sources) {
    expect(uris[0]).toMatch(/^[a-z+]+:/);
    expect(components).toContain('main');
    expect(signedBy ?? '/').toMatch(/^\//);
  }
});

test('a .sources file: the suite, its updates and its security, but no other suites, types or third parties', async () => {
  const host = await hostWith(
    'debian.sources',
    `# the archive

Types: deb deb-src
URIs: http://a.example/debian http://b.example/debian
Suites: bookworm bookworm-updates bookworm-backports
Components: main contrib
# the key
Signed-By: /k/archive.gpg

Types: deb
Enabled: no
URIs: http://off.example/debian
Suites: bookworm
Components: main

Types: deb
URIs: http://security.example/
Suites: bookworm-security
Components: main non-free-firmware
Signed-By: /k/security.gpg

Types: deb
URIs: http://third.example/linux
Suites: bookworm
Components: stable
Signed-By: /k/third.gpg
`,
  );
  expect(await hostAptSources(host, 'bookworm', 'amd64')).toEqual([
    {
      uris: ['http://a.example/debian/', 'http://b.example/debian/'],
      suites: ['bookworm', 'bookworm-updates'],
      components: ['main', 'contrib'],
      signedBy: '/k/archive.gpg',
    },
    {
      uris: ['http://security.example/'],
      suites: ['bookworm-security'],
      components: ['main', 'non-free-firmware'],
      signedBy: '/k/security.gpg',
    },
  ]);
});

test('a sources.list: with and without a key', async () => {
  const host = await hostWith(
    'sources.list',
    `# comment
deb [arch=amd64 signed-by=/k/l.gpg] http://l.example/debian bookworm main contrib

deb http://p.example/debian bookworm-updates main # plain
deb cdrom:[Debian]/ bookworm main
`,
  );
  expect(await hostAptSources(host, 'bookworm', 'amd64')).toEqual([
    {
      uris: ['http://l.example/debian/'],
      suites: ['bookworm'],
      components: ['main', 'contrib'],
      signedBy: '/k/l.gpg',
    },
    { uris: ['http://p.example/debian/'], suites: ['bookworm-updates'], components: ['main'] },
  ]);
});

test('a suite that the machine does not have is an error that mentions base.mirror', async () => {
  const host = await hostWith('sources.list', 'deb http://p.example/debian bookworm-updates main\n');
  const error = await hostAptSources(host, 'bookworm', 'amd64').catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(IngotError);
  expect((error as IngotError).message).toBe(
    'the apt sources of this machine have no suite bookworm for amd64',
  );
  expect((error as IngotError).hint).toContain('base.mirror');
});

test('a key inside the sources file is an error that names the file', async () => {
  const host = await hostWith(
    'x.sources',
    'Types: deb\nURIs: http://x.example/\nSuites: bookworm\nComponents: main\nSigned-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n x\n',
  );
  const error = await hostAptSources(host, 'bookworm', 'amd64').catch((thrown: unknown) => thrown);
  expect((error as IngotError).message).toBe(
    `${join(folder, 'x.sources')}: the Signed-By of entry 1 is not the path of one key file`,
  );
});

test("another release of Debian is read from the host's mirror, under its own names and by the same key", async () => {
  const host = await hostWith(
    'debian.sources',
    `Types: deb
URIs: http://a.example/debian
Suites: bookworm bookworm-updates bookworm-backports bullseye
Components: main
Signed-By: /k/archive.gpg

Types: deb
URIs: http://security.example/
Suites: bookworm-security
Components: main
Signed-By: /k/security.gpg

Types: deb
URIs: http://third.example/linux
Suites: bookworm
Components: stable
Signed-By: /k/third.gpg
`,
  );
  expect(await hostAptSources(host, 'trixie', 'amd64')).toEqual([
    {
      uris: ['http://a.example/debian/'],
      suites: ['trixie', 'trixie-updates'],
      components: ['main'],
      signedBy: '/k/archive.gpg',
    },
    {
      uris: ['http://security.example/'],
      suites: ['trixie-security'],
      components: ['main'],
      signedBy: '/k/security.gpg',
    },
  ]);
});

test('a suite that is not a release of Debian is not looked for on its mirror', async () => {
  const host = await hostWith('sources.list', 'deb http://p.example/debian bookworm main\n');
  await expect(hostAptSources(host, 'noble', 'amd64')).rejects.toThrow('have no suite noble');
});
