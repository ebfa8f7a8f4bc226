import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { fetchedLayerName } from '../../../../src/inputs/cluster-spec/layer-name.ts';
import { layersSchema } from '../../../../src/inputs/cluster-spec/layers-schema.ts';
import type { Spec } from '../../../../src/inputs/cluster-spec/schema.ts';
import { layerSources } from '../../../../src/inputs/fetched-layers/layer-sources.ts';

const sha256 = 'a'.repeat(64);

function messagesOf(issues: readonly z.core.$ZodIssue[]): string[] {
  return issues.flatMap((issue) => [
    issue.message,
    ...(issue.code === 'invalid_union' ? issue.errors.flatMap(messagesOf) : []),
  ]);
}

/** What is wrong with a list of layers. */
function faults(...layers: unknown[]): string[] {
  return messagesOf(layersSchema.safeParse(layers).error?.issues ?? []);
}

const messages = (...layers: unknown[]): string => faults(...layers).join('\n');

describe('a layer from elsewhere', () => {
  test.each([
    'https://git.example.org/site/monitoring.git',
    'https://bot:secret@git.example.org/monitoring',
    'ssh://git@git.example.org:2222/site/monitoring.git',
    'file:///srv/git/monitoring.git',
    '../monitoring/.git',
    '/srv/monitoring/',
  ])('is named after its repository: %s', (git) => {
    expect(faults({ git, ref: 'v1.4.0' })).toEqual([]);
    expect(fetchedLayerName({ git })).toBe('monitoring');
    expect(fetchedLayerName({ git, folder: 'a/b/' })).toBe('monitoring/a/b');
    expect(fetchedLayerName({ git, name: 'own' })).toBe('own');
  });

  test.each([
    'ext::sh -c touch% /tmp/x',
    'fd::3',
    '--upload-pack=touch /tmp/x',
    '-x',
    'git@git.example.org:site.git',
    'ssh://-oProxyCommand=x/site',
    'https://git@-x/site',
    'ftp://example.org/site',
    'https://example.org',
  ])('is refused where git would run or read something else: %s', (git) => {
    expect(faults({ git, ref: 'main', name: 'x' })).not.toEqual([]);
  });

  test.each([
    '-x',
    '--all',
    'a..b',
    'a b',
    'a:b',
    '+a',
    'a~1',
    'a^',
    'a*',
    '@',
    'a@{1}',
    '/a',
    'a/',
    'a.lock',
    'a\\b',
    '',
  ])('is refused with what is not a ref: %j', (ref) => {
    expect(faults({ git: './x', ref })).not.toEqual([]);
  });

  test.each(['main', 'v1.4.0', 'refs/heads/main', 'feature/x-1', 'b'.repeat(40), 'HEAD'])(
    'can be at %s',
    (ref) => {
      expect(faults({ git: './x', ref })).toEqual([]);
    },
  );

  test.each(['/abs', '..', 'a/../b', './a', 'a//b'])(
    'is refused with a folder that leads elsewhere: %s',
    (folder) => {
      expect(faults({ git: './x', ref: 'main', folder, name: 'x' })).not.toEqual([]);
    },
  );

  test('has the keys that belong to its place, and no others', () => {
    expect(messages({ git: './x' })).toContain('git without ref');
    expect(messages({ git: './x', path: 'y', ref: 'a' })).toContain('both path and git');
    expect(messages({ path: 'x', ref: 'a' })).toContain('ref with path');
    expect(messages({ git: './x', ref: 'a', sha256 })).toContain('sha256 with git');
    expect(messages({ archive: 'x.tar.gz' })).toContain('an archive without sha256');
    expect(messages({ archive: 'x.tar.gz', sha256 })).toContain('an archive without name');
    expect(messages({ archive: 'x.tar.gz', sha256, name: 'x', ref: 'a' })).toContain('ref with archive');
    expect(messages({ git: 'ssh://a:b@example.org/x', ref: 'a' })).toContain('an ssh URL with a password');
    expect(messages({ git: '..', ref: 'a' })).toContain('no name follows from this repository');
    expect(messages({ role: 'slave' })).toContain('a layer without its folder');
  });

  test('has a name of its own, so that its files have one in the keys', () => {
    const git = { git: './x/site.git', ref: 'a' };
    expect(messages('site', git)).toContain('two layers are named site');
    expect(messages(git, { ...git, folder: 'b' })).toContain(
      'has a name above or below that of the layer site',
    );
    expect(messages({ ...git, folder: 'a' }, { ...git, folder: 'b' })).toBe('');
    expect(messages('site', 'site/slave')).toBe('');
  });

  test('is known to the lock without credentials', () => {
    const layers = layersSchema.parse([
      'site',
      { git: 'https://bot:secret@git.example.org/x.git', ref: 'v1', folder: 'a/' },
      { archive: 'https://bot:secret@example.org/x.tar.gz?token=secret', sha256, name: 'y' },
      { git: 'ssh://git@example.org/z', ref: 'v1' },
    ]);
    const sources = layerSources({ layers } as unknown as Spec, '/srv');
    expect(sources.map(({ at, origin }) => ({ at, ...origin }))).toEqual([
      { at: 1, name: 'x/a', git: 'https://git.example.org/x.git', ref: 'v1', folder: 'a' },
      { at: 2, name: 'y', archive: 'https://example.org/x.tar.gz', sha256 },
      { at: 3, name: 'z', git: 'ssh://git@example.org/z', ref: 'v1' },
    ]);
    expect(sources[0]?.address).toContain('bot:secret@');
  });
});
