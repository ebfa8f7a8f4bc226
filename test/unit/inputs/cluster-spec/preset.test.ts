import { describe, expect, test } from 'vitest';
import { namedFiles } from '../../../../src/inputs/cluster-spec/named-files.ts';
import { parseSpec } from '../../../../src/inputs/cluster-spec/parse-spec.ts';
import { presets } from '../../../../src/inputs/cluster-spec/presets/all-presets.ts';
import { spacedFingerprint } from '../../../../src/inputs/plan/spaced-fingerprint.ts';
import { ingotErrorOf, smallSpec } from '../../../samples/spec.ts';

const specOf = (mesos: string, more = '') =>
  parseSpec(smallSpec.replace(/mesos:\n.*\n/, `mesos: ${mesos}\n`) + more, 'cluster.yaml');
const errorsOf = (mesos: string, more = '') => ingotErrorOf(() => specOf(mesos, more)).message;

describe('Mesos from a preset', () => {
  test('is one word, which also sets the layout', () => {
    const spec = specOf('clusterd');
    expect([spec.mesos, spec.layout, spec.base.suite]).toEqual([
      { preset: 'clusterd' },
      'clusterd',
      'bookworm',
    ]);
    expect(specOf('clusterd', 'layout: clusterd\n').layout).toBe('clusterd');
    expect(parseSpec(smallSpec, 'x').layout).toBe('mesosphere');
  });

  test('may come from a mirror, with the same meaning whether the preset is named or not', () => {
    const more = 'mirror: "https://m.example.org/c", key: k.asc, version: 1.11.0-1, validUntil: false';
    expect(specOf(`{ ${more} }`)).toEqual(specOf(`{ preset: clusterd, ${more} }`));
    expect(specOf(`{ ${more} }`).layout).toBe('clusterd');
    expect(namedFiles(specOf(`{ ${more} }`)).present).toContain('k.asc');
  });

  test.each([
    [
      'another layout',
      'clusterd',
      'layout: mesosphere\n',
      ':6:9: the packages of the preset clusterd have the layout clusterd, not mesosphere',
    ],
    [
      'a suite without packages',
      'clusterd',
      'base: { suite: trixie }\n',
      'the preset clusterd has no packages for trixie',
    ],
    [
      'a suite without packages: which has',
      '{ mirror: "http://m/x" }',
      'base: { suite: bullseye }\n',
      'right: bookworm; ',
    ],
    ['a .deb too', '{ preset: clusterd, deb: a.deb }', '', ':3:33: deb besides preset'],
    [
      'a source too',
      '{ mirror: "http://m/x", source: { url: "http://m/x", suite: a, trusted: true } }',
      '',
      'source besides mirror',
    ],
    ['another package', '{ preset: clusterd, package: mesos }', '', 'package besides preset'],
    ['a key without a preset', '{ deb: a.deb, key: k.asc }', '', 'key without a preset'],
    ['an unknown word', 'clustrd', '', ':3:8: "clustrd" is not a valid origin of Mesos'],
    ['an unknown preset', '{ preset: dcos }', '', ':3:18: "dcos" is not a valid preset'],
    ['an unknown key', '{ preset: clusterd, miror: "http://m/x" }', '', 'there is no key miror in mesos'],
    [
      'a mirror that is not a URL',
      '{ mirror: m.example.org }',
      '',
      ':3:18: "m.example.org" is not a valid URL of a mirror',
    ],
  ])('is refused with %s, at its place', (_, mesos, more, expected) => {
    expect(errorsOf(mesos, more)).toContain(expected);
  });

  test('is not available for Marathon', () => {
    const text = smallSpec.replace(/marathon:\n.*\n/, 'marathon: clusterd\n');
    expect(ingotErrorOf(() => parseSpec(text, 'x')).message).toContain('marathon must be a map');
  });
});

test('each preset has a complete fingerprint, and is found by its own name', () => {
  for (const [name, preset] of Object.entries(presets)) {
    expect(preset.name).toBe(name);
    expect(preset.key.fingerprint).toMatch(/^[0-9A-F]{40}$/);
  }
  expect(spacedFingerprint(presets.clusterd.key.fingerprint)).toBe(
    'BA22 7EBC 312D 2E43 498A 5339 63F8 CEE1 49AC A59E',
  );
});
