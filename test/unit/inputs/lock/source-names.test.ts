import { expect, test } from 'vitest';
import { fileUrls, nameSources } from '../../../../src/inputs/lock/source-names.ts';

const source = (uri: string, suites: readonly string[], label?: string) => ({
  ...{ uris: [uri], suites, components: ['main'] },
  ...(label === undefined ? {} : { label }),
});

test('sources are named after their suite or their name in the spec, each name once', () => {
  const named = nameSources([
    source('http://a.example/debian', ['bookworm', 'bookworm/updates']),
    source('http://b.example/x/', ['bookworm'], 'mesos'),
    source('http://c.example/', ['bookworm', 'local']),
  ]);
  expect(named.map(({ name }) => name)).toEqual([
    'bookworm',
    'bookworm-updates',
    'mesos',
    'bookworm-2',
    'local-2',
  ]);
});

test('a file is below its source, quoted as in apt', () => {
  const [plain, flat] = nameSources([
    source('http://a.example/debian', ['bookworm']),
    source('file:/srv/debs/', ['sub/']),
  ]);
  if (plain === undefined || flat === undefined) throw new Error('two sources');
  expect(fileUrls(plain, 'pool/g++_1%3a2~x_amd64.deb')).toEqual([
    'http://a.example/debian/pool/g%2b%2b_1%253a2~x_amd64.deb',
  ]);
  // As apt reads the index of a flat repository, and as its authors mean it when they create it in the folder; the
  // bytes, not a link.
  expect(fileUrls(flat, './a b.deb')).toEqual(['copy:/srv/debs/a%20b.deb', 'copy:/srv/debs/sub/a%20b.deb']);
});

test('a flat repository without a folder has a name too', () => {
  const names = ['/', './', './Deep/er/'].map(
    (suite) => nameSources([source('http://a.example', [suite])])[0]?.name,
  );
  expect(names).toEqual(['flat', 'flat', 'Deep-er']);
});
