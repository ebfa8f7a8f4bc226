import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { specVariant } from '../../../bench/spec-variant.ts';
import { parseSpec } from '../../../src/inputs/cluster-spec/parse-spec.ts';
import { project } from '../../integration/built-ingot.ts';

const text = [
  'cluster: demo',
  'masters: [10.0.0.11, 10.0.0.12, 10.0.0.13]',
  'mesos: { deb: package.json }',
  'marathon: { deb: gone.deb }',
  'common: { packages: [htop] }',
  '',
].join('\n');

describe('a variant of a spec', () => {
  it('has absolute paths for the files of the user, and keeps other values', () => {
    expect(parse(specVariant(text, project))).toMatchObject({
      mesos: { deb: `${project}/package.json` },
      marathon: { deb: 'gone.deb' },
    });
  });
  it('has absolute paths for the keys of the user', () => {
    const keys = specVariant(`${text}updates:\n  keys: [package.json]\n`, project);
    expect(parse(keys)).toMatchObject({ updates: { keys: [`${project}/package.json`] } });
  });
  it('of the example is a valid spec: MAC addresses stay text', () => {
    const example = readFileSync(join(project, 'examples/cluster.yaml'), 'utf8');
    const spec = parseSpec(specVariant(example, join(project, 'examples')), 'cluster.yaml');
    expect(spec.netboot?.machines[0]).toMatchObject({ mac: '52:54:00:00:00:01' });
  });
  it('keeps the existing entries, has the added ones, and is a valid spec', () => {
    const more = {
      packages: ['tree'],
      files: [{ path: '/etc/bench', content: 'x\n' }],
      sysctls: { 'net.core.somaxconn': 9000 },
    };
    const spec = parseSpec(
      specVariant(text.replace('package.json', 'some.deb'), project, more),
      'cluster.yaml',
    );
    expect(spec.common.packages).toHaveLength(2);
    expect(spec.common.files.map(({ path }) => path)).toEqual(['/etc/bench']);
    expect(spec.common.sysctls).toEqual({ 'net.core.somaxconn': 9000 });
  });
});

it('a variant has another cluster name if one is given, and otherwise that of the spec', () => {
  const spec = 'cluster: demo\nmasters: [10.0.0.11]\n';
  expect(specVariant(spec, '/nowhere', { cluster: 'other' })).toContain('cluster: other\n');
  expect(specVariant(spec, '/nowhere')).toContain('cluster: demo\n');
});
