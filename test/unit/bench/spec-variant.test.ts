import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { specVariant } from '../../../src/bench/spec-variant.ts';
import { parseSpec } from '../../../src/spec/parse-spec.ts';
import { project } from '../../integration/built-ingot.ts';

const text = [
  'cluster: demo',
  'masters: [10.0.0.11, 10.0.0.12, 10.0.0.13]',
  'mesos: { deb: package.json }',
  'marathon: { deb: gone.deb }',
  'common: { packages: [htop] }',
  '',
].join('\n');

describe('a spec of the bench', () => {
  it('names the files of the user by their whole path, and leaves what is no file as it is', () => {
    expect(parse(specVariant(text, project))).toMatchObject({
      mesos: { deb: `${project}/package.json` },
      marathon: { deb: 'gone.deb' },
    });
  });
  it('has what is added beside what was there, and is a valid spec', () => {
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
