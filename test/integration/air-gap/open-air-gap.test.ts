import { generateKeyPairSync } from 'node:crypto';
import { mkdir, readdir, readFile, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { noSink, openAirGap } from '../../../src/air-gap/open-air-gap.ts';
import { readAirGap } from '../../../src/air-gap/read-air-gap.ts';
import { bundleKey, bundleMembers, type TarMember, writeMembers } from '../../samples/hostile-bundle.ts';
import { rejection, temporaryFolder } from '../../samples/temporary.ts';
import { flipByte } from '../inputs/lock/toy-source.ts';

/** A folder with a bundle, and a folder outside of where it is opened. */
async function placeOf(members: readonly TarMember[]) {
  const folder = await temporaryFolder();
  const file = join(folder, 'demo.tar');
  await writeMembers(file, members);
  await mkdir(join(folder, 'site'));
  const open = (keys = [bundleKey]) =>
    openAirGap(
      { file, keys, signal: new AbortController().signal, onFile: () => undefined },
      join(folder, 'site/demo'),
    );
  return { folder, file, open };
}

/** Opening is refused: nothing is left, inside or outside of the folder. */
async function expectRefused(
  place: Awaited<ReturnType<typeof placeOf>>,
  why: RegExp,
  keys?: (typeof bundleKey)[],
) {
  const before = (await readdir(place.folder)).sort();
  const error = await rejection(place.open(keys));
  expect(error).toMatchObject({ code: 'wrong-archive', exitCode: 2 });
  expect([error.message, ...error.excerpt].join('\n')).toMatch(why);
  expect(await readdir(join(place.folder, 'site'))).toEqual([]);
  expect((await readdir(place.folder)).sort()).toEqual(before);
}

const files = { 'docs/a.md': 'a', 'pool/x.deb': 'x' };
const other = (header: TarMember['header'], content?: string) => (members: TarMember[]) => [
  ...members,
  { header, ...(content === undefined ? {} : { content }) },
];

test('a bundle as it was signed is unpacked, with the names of the list', async () => {
  const place = await placeOf(await bundleMembers(files));
  const opened = await place.open();
  expect(opened).toMatchObject({ files: 3, signedBy: [expect.stringMatching(/^[0-9a-f]{64}$/)] });
  const demo = join(place.folder, 'site/demo');
  expect((await readdir(demo)).sort()).toEqual([
    'SHA256SUMS',
    'SHA256SUMS.dsse',
    'bundle.json',
    'docs',
    'pool',
  ]);
  expect(await readFile(join(demo, 'docs/a.md'), 'utf8')).toBe('a');
});

test('reading a bundle without unpacking it finds the same', async () => {
  const place = await placeOf(await bundleMembers(files));
  const signal = new AbortController().signal;
  const read = { file: place.file, keys: [bundleKey], signal, onFile: () => undefined };
  expect(await readAirGap({ ...read, sink: noSink })).toEqual(await place.open());
});

test('a second name of a file is a link to the file of the list, and to nothing else', async () => {
  const link = (of: string) =>
    bundleMembers({ 'a/one': '1', 'b/two': '1' }, (members) =>
      members.map((one) =>
        one.header.name === 'b/two'
          ? { header: { name: 'b/two', type: 'link' as const, linkname: of } }
          : one,
      ),
    );
  const good = await placeOf(await link('a/one'));
  await good.open();
  expect(await readFile(join(good.folder, 'site/demo/b/two'), 'utf8')).toBe('1');
  for (const of of ['bundle.json', '../../demo.tar', '/etc/passwd', 'b/two'])
    await expectRefused(await placeOf(await link(of)), /b\/two is a link to something else/);
});

test.each<[string, (members: TarMember[]) => TarMember[], RegExp]>([
  ['a file that is not in the list', other({ name: 'more' }, 'x'), /"more" is not in SHA256SUMS/],
  ['a path out of the folder', other({ name: '../outside' }, 'x'), /"..\/outside" is not in SHA256SUMS/],
  ['an absolute path', other({ name: '/tmp/outside' }, 'x'), /"\/tmp\/outside" is not in SHA256SUMS/],
  [
    'a symbolic link',
    other({ name: 'docs', type: 'symlink', linkname: '/etc' }),
    /"docs" is not in SHA256SUMS/,
  ],
  ['a file twice', other({ name: 'docs/a.md' }, 'a'), /docs\/a.md is in it twice/],
  [
    'a device',
    other({ name: 'docs/dev', type: 'character-device', devmajor: 1, devminor: 3 }),
    /is not in SHA256SUMS/,
  ],
  ['a missing file', (members) => members.slice(0, -1), /pool\/x.deb is missing/],
  [
    'other bytes',
    (members) => members.map((one) => (one.content === 'a' ? { ...one, content: 'b' } : one)),
    /docs\/a.md was altered: its SHA-256 is/,
  ],
  [
    'a link in place of a file',
    (members) =>
      members.map((one) =>
        one.content === 'a'
          ? { header: { name: 'docs/a.md', type: 'symlink' as const, linkname: '/etc/passwd' } }
          : one,
      ),
    /docs\/a.md is a symlink, not a file/,
  ],
  [
    'no record',
    (members) => members.filter(({ header }) => header.name !== 'bundle.json'),
    /bundle.json is missing/,
  ],
])('a bundle with %s is refused, and nothing is left of it', async (_, change, why) => {
  await expectRefused(await placeOf(await bundleMembers(files, change)), why);
});

test.each(['../outside', '/tmp/outside', 'a/../../outside', 'docs/a.md/b'])(
  'a list that names %s is refused, even if its signature is right',
  async (path) => {
    await expectRefused(
      await placeOf(await bundleMembers({ ...files, [path]: 'x' })),
      /may not be the path of a file/,
    );
  },
);

test('another key, and a bundle that is not signed, are refused before a file is read', async () => {
  const stranger = generateKeyPairSync('ed25519').publicKey;
  await expectRefused(await placeOf(await bundleMembers(files)), /is not signed by key/, [stranger]);
  const members = await bundleMembers(files);
  await expectRefused(
    await placeOf(members.filter(({ header }) => !header.name.endsWith('.dsse'))),
    /does not begin with/,
  );
  // Without a check of the signature its files are still compared with the list.
  const altered = await bundleMembers(files, (all) => all.slice(0, -1));
  await expectRefused(await placeOf(altered), /is missing/, []);
});

test('a bundle that is cut off or has a changed bit anywhere is refused', async () => {
  const members = await bundleMembers({ ...files, big: 'x'.repeat(3000) });
  for (const share of [0, 0.3, 0.6, 0.9]) {
    const place = await placeOf(members);
    await truncate(place.file, Math.floor((await readFile(place.file)).length * share * 0.8));
    await expectRefused(place, /./);
  }
  const size = (await readFile((await placeOf(members)).file)).length;
  for (let at = 0; at < size - 1024; at += 1531) {
    const place = await placeOf(members);
    const before = await readFile(place.file);
    await flipByte(place.file, at);
    // Padding, names of owners and times of the archive are no part of what is signed.
    const opened = await place.open().then(
      () => true,
      () => false,
    );
    if (opened)
      for (const [path, content] of Object.entries(files))
        expect(await readFile(join(place.folder, 'site/demo', path), 'utf8')).toBe(content);
    else expect(await readdir(join(place.folder, 'site'))).toEqual([]);
    expect(before.length).toBe(size);
  }
});

test('an existing folder, or a link in its place, is never written', async () => {
  const place = await placeOf(await bundleMembers(files));
  await mkdir(join(place.folder, 'outside'));
  await symlink('../outside', join(place.folder, 'site/demo'));
  expect((await rejection(place.open())).code).toBe('unusable-folder');
  expect(await readdir(join(place.folder, 'outside'))).toEqual([]);
});

test('what a killed opening left is removed by the next one; other folders stay', async () => {
  const place = await placeOf(await bundleMembers(files));
  for (const name of ['.demo.opening-4194305', '.demo.opening-x', '.other.opening-4194305'])
    await mkdir(join(place.folder, 'site', name));
  await writeFile(join(place.folder, 'site/.demo.opening-4194305/half'), 'x');
  await place.open();
  expect((await readdir(join(place.folder, 'site'))).sort()).toEqual([
    ...['.demo.opening-x', '.other.opening-4194305', 'demo'],
  ]);
});
