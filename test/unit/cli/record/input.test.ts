import { expect, test } from 'vitest';
import { readCommandLine } from '../../../../src/cli/command-line.ts';
import { fakeWorld } from '../../../samples/world.ts';

async function inputOf(line: string): Promise<unknown> {
  const { world, err } = fakeWorld();
  let found: unknown;
  await readCommandLine(world, line.split(' '), (_, input) => {
    found = input;
    return Promise.resolve();
  });
  expect(err()).toBe('');
  return found;
}

test('a command gets a value for each of its options, given or not', async () => {
  expect(await inputOf('bake x.yaml')).toEqual({
    ...{ spec: 'x.yaml', more: [], fast: false },
    ...{ out: 'out', role: undefined, pool: undefined, locked: false, offline: false },
    ...{
      release: false,
      cache: undefined,
      cacheFrom: undefined,
      cacheTo: undefined,
      prepare: false,
      sign: undefined,
    },
    ...{
      seedKey: undefined,
      explain: false,
      json: false,
      quiet: false,
      verbose: false,
      keepOnFailure: false,
    },
    ...{ fast: false, fastCheck: true },
  });
  expect(
    await inputOf('bake --role slave x.yaml --no-cache --seed-key k.pem --explain --json --cache-to c'),
  ).toMatchObject({
    spec: 'x.yaml',
    role: 'slave',
    cache: false,
    seedKey: 'k.pem',
    json: true,
    cacheTo: 'c',
  });
  expect(await inputOf('bake x.yaml --cache folder')).toMatchObject({ cache: 'folder' });
});

test('values are parsed by type: times, numbers, lists, flags', async () => {
  expect(await inputOf('drift f --max-age 2h --timeout 30 --expect a b --seed s')).toMatchObject({
    ...{
      inventory: 'f',
      maxAge: 7200,
      timeout: 30,
      parallel: 32,
      retries: 1,
      expect: ['a', 'b'],
      seed: ['s'],
    },
    all: false,
  });
  expect(await inputOf('drift f')).toMatchObject({ maxAge: 3600, timeout: 60, expect: [], seed: [] });
  expect(await inputOf('rehearse x.yaml --from v --no-drain')).toMatchObject({
    ...{ spec: 'x.yaml', from: 'v', drain: false, fallBack: true, masters: 3, slaves: 2, drills: undefined },
  });
  expect(await inputOf('verify a b --key k --key l --rehearsed rise,agree')).toMatchObject({
    ...{ folders: ['a', 'b'], key: ['k', 'l'], rehearsed: ['rise', 'agree'] },
  });
  expect(await inputOf('lock x.yaml')).toMatchObject({ update: undefined });
  expect(await inputOf('lock x.yaml --update')).toMatchObject({ update: 'all' });
  expect(await inputOf('lock x.yaml --update curl less')).toMatchObject({ update: ['curl', 'less'] });
  expect(await inputOf('keygen')).toEqual({ name: 'release', type: 'ed25519', json: false });
  expect(await inputOf('diff a b')).toMatchObject({ before: 'a', after: 'b', format: 'text', all: false });
});
