import { createReadStream } from 'node:fs';
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { makeHost } from '../../../../src/host/make-host.ts';

const host = makeHost();

/** A key of our own, in a separate GnuPG home. */
export interface ToyKey {
  readonly home: string;
  readonly publicKey: string;
}

export async function makeKey(folder: string): Promise<ToyKey> {
  const home = join(folder, 'gnupg');
  await mkdir(home, { recursive: true, mode: 0o700 });
  const gpg = ['--homedir', home, '--batch', '--passphrase', ''];
  await host.run('gpg', [...gpg, '--quick-gen-key', 'toy <toy@example.org>', 'ed25519', 'sign', 'never']);
  const publicKey = join(folder, 'key.asc');
  await host.run('gpg', [...gpg, '--armor', '--output', publicKey, '--export']);
  return { home, publicKey };
}

/** Ends the agent that GnuPG started for the key. */
export async function endKey(key: ToyKey): Promise<void> {
  await host.run('gpgconf', ['--homedir', key.home, '--kill', 'all']);
}

export interface ToyDeb {
  readonly name: string;
  readonly version: string;
  readonly depends?: string;
  readonly provides?: string;
  readonly conflicts?: string;
  /** Makes the bytes of two .debs of the same version different. */
  readonly content?: string;
  /** Additional files by their paths without a leading slash; DEBIAN/NAME is a control file. */
  readonly files?: Readonly<Record<string, string | Buffer>>;
}

/** Builds a .deb; returns its path. */
export async function buildDeb(folder: string, deb: ToyDeb): Promise<string> {
  const tree = join(folder, `${deb.name}-tree`);
  await rm(tree, { recursive: true, force: true });
  await mkdir(join(tree, 'DEBIAN'), { recursive: true });
  await mkdir(join(tree, 'usr/share', deb.name), { recursive: true });
  await writeFile(join(tree, 'usr/share', deb.name, 'content'), deb.content ?? deb.version);
  const relations = { Depends: deb.depends, Provides: deb.provides, Conflicts: deb.conflicts };
  const depends = Object.entries(relations)
    .map(([field, value]) => (value === undefined ? '' : `${field}: ${value}\n`))
    .join('');
  await writeFile(
    join(tree, 'DEBIAN/control'),
    `Package: ${deb.name}\nVersion: ${deb.version}\nArchitecture: all\nMaintainer: toy <toy@example.org>\n${depends}Description: toy\n`,
  );
  for (const [path, content] of Object.entries(deb.files ?? {})) {
    await mkdir(dirname(join(tree, path)), { recursive: true });
    await writeFile(join(tree, path), content);
  }
  const file = join(folder, `${deb.name}_${deb.version}_all.deb`);
  // The same bytes whenever it is built (dpkg-deb(1), SOURCE_DATE_EPOCH).
  const env = { SOURCE_DATE_EPOCH: '1000000000' };
  await host.run('dpkg-deb', ['--root-owner-group', '-Zgzip', '--build', tree, file], { env });
  await rm(tree, { recursive: true });
  return file;
}

export interface Publishing {
  /** Date of the Release file. */
  readonly date?: string;
  readonly unsigned?: true;
  /** Default: toy. */
  readonly suite?: string;
  /** Additional fields of the Release file. */
  readonly fields?: string;
}

/** Signs a Release file into the InRelease file next to it. */
async function sign(release: string, key: ToyKey): Promise<void> {
  const gpg = ['--homedir', key.home, '--batch', '--yes', '--passphrase', ''];
  await host.run('gpg', [
    ...gpg,
    '--clearsign',
    '--output',
    release.replace(/Release$/, 'InRelease'),
    release,
  ]);
}

interface Flat {
  readonly key: ToyKey;
  readonly debs: readonly ToyDeb[];
  /** The folder where the index is made: paths in it begin there. Default: from the folder. */
  readonly indexed?: 'from the source' | 'from the folder';
}

/** Makes a signed flat apt repository (sources.list(5)) in a folder. */
export async function publishFlat(
  folder: string,
  suite: string,
  { key, debs, indexed = 'from the folder' }: Flat,
): Promise<void> {
  const at = join(folder, suite);
  await mkdir(at, { recursive: true });
  for (const deb of debs) await buildDeb(at, deb);
  const [from, below] =
    indexed === 'from the folder' ? [at, '.'] : [folder, suite.replace(/^\/+|\/+$/g, '') || '.'];
  const packages = await host.run('apt-ftparchive', ['packages', below], { cwd: from });
  await writeFile(join(at, 'Packages'), packages.stdout);
  const release = await host.run('apt-ftparchive', ['release', '.'], { cwd: at });
  await writeFile(join(at, 'Release'), release.stdout);
  await sign(join(at, 'Release'), key);
}

/** Makes an apt source of one suite with exactly these packages. */
export async function publish(
  folder: string,
  key: ToyKey,
  debs: readonly ToyDeb[],
  publishing: Publishing = {},
): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, 'pool'), { recursive: true });
  for (const deb of debs) await buildDeb(join(folder, 'pool'), deb);
  await publishPool(folder, key, publishing);
}

/** Makes an apt source of one suite with the packages in its folder pool. */
export async function publishPool(
  folder: string,
  key: ToyKey,
  { date = 'Sat, 21 Nov 2026 02:10:46 UTC', unsigned, suite = 'toy', fields: more = '' }: Publishing = {},
): Promise<void> {
  const binary = join(folder, `dists/${suite}/main/binary-amd64`);
  await mkdir(binary, { recursive: true });
  const packages = await host.run('apt-ftparchive', ['packages', 'pool'], { cwd: folder });
  await writeFile(join(binary, 'Packages'), packages.stdout);
  const fields = [`Suite=${suite}`, `Codename=${suite}`, 'Architectures=amd64', 'Components=main'];
  const release = await host.run(
    'apt-ftparchive',
    [
      ...fields.flatMap((field) => ['-o', `APT::FTPArchive::Release::${field}`]),
      ...['release', `dists/${suite}`],
    ],
    { cwd: folder },
  );
  const text = release.stdout.replace(/^Date: .*$/m, `Date: ${date}`);
  const file = join(folder, `dists/${suite}/Release`);
  await writeFile(file, `${text}${more}`);
  if (unsigned === true) return;
  await sign(file, key);
}

/** A web server of a folder that can cut files short. */
export interface ToyServer {
  readonly url: string;
  /** Files whose path contains this are cut in the middle. */
  cut: string | undefined;
  close(): Promise<void>;
}

export async function serve(folder: string): Promise<ToyServer> {
  const state: { cut: string | undefined } = { cut: undefined };
  const server: Server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '');
    const file = join(folder, path);
    stat(file).then(
      ({ size }) => {
        response.writeHead(200, { 'Content-Length': size });
        if (state.cut === undefined || !path.includes(state.cut)) {
          createReadStream(file).pipe(response);
          return;
        }
        createReadStream(file, { end: Math.floor(size / 2) })
          .on('end', () => response.destroy())
          .pipe(response, { end: false });
      },
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    get cut() {
      return state.cut;
    },
    set cut(path) {
      state.cut = path;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}

/** Changes one bit of a file, in its middle or at a given position. */
export async function flipByte(file: string, at?: number): Promise<void> {
  const bytes = await readFile(file);
  const place = at ?? Math.floor(bytes.length / 2);
  bytes.writeUInt8(bytes.readUInt8(place) ^ 1, place);
  await writeFile(file, bytes);
}
