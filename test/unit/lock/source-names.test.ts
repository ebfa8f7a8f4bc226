import { expect, test } from 'vitest';
import { fileUrl, nameSources } from '../../../src/lock/source-names.ts';

const source = (uri: string, suites: readonly string[], label?: string) => ({
  ...{ uris: [uri], suites, components: ['main'] },
  ...(label === undefined ? {} : { label }),
});

test('sources are named after their suite or what the spec calls them, each name once', () => {
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

test('a file lies below its source, quoted as apt does it', () => {
  const [plain, flat] = nameSources([
    source('http://a.example/debian', ['bookworm']),
    source('file:/srv/debs/', ['sub/']),
  ]);
  if (plain === undefined || flat === undefined) throw new Error('two sources');
  expect(fileUrl(plain, 'pool/g++_1%3a2~x_amd64.deb')).toBe(
    'http://a.example/debian/pool/g%2b%2b_1%253a2~x_amd64.deb',
  );
  expect(fileUrl(flat, './a b.deb')).toBe('file:/srv/debs/sub/a%20b.deb');
});
